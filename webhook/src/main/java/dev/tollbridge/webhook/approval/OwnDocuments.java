package dev.tollbridge.webhook.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.patch.JsonPatches;
import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.review.AdmissionRequest;
import dev.tollbridge.webhook.review.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Whether a document of the webhook's own may be stored (DESIGN 14, rule 14).
public final class OwnDocuments {

    public static final String GROUP = "tollbridge.dev";
    private static final String EXEMPTION = "Exemption";
    private static final int UNAVAILABLE = 503;

    private final DocumentCheck check;
    private final Approvals approvals;
    private final Stamps stamps;

    public OwnDocuments(DocumentCheck check, Approvals approvals, Stamps stamps) {
        this.check = check;
        this.approvals = approvals;
        this.stamps = stamps;
    }

    public static boolean areAskedAbout(AdmissionRequest request) {
        return request.isA(GROUP, EXEMPTION) || request.isA(GROUP, "AdmissionSettings");
    }

    public AdmissionAnswer judge(AdmissionRequest request) {
        boolean written =
                request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        JsonNode spec = request.object().path("spec");
        // Finalizers, labels and what controllers note beside it change nothing that is in force.
        if (!written
                || !request.subResource().isEmpty()
                || (request.operation() == Operation.UPDATE
                        && spec.equals(request.oldObject().path("spec")))) {
            return AdmissionAnswer.allow();
        }
        DocumentCheck.Checked checked = check.check(document(request, spec));
        if (!checked.errors().isEmpty()) {
            return refuse(checked.errors());
        }
        List<String> warnings = new ArrayList<>();
        for (String warning : checked.warnings()) {
            String line = "tollbridge: " + warning;
            warnings.add(
                    line.substring(0, Math.min(line.length(), AdmissionAnswer.LONGEST_WARNING)));
        }
        if (request.isA(GROUP, EXEMPTION)) {
            List<String> unapproved = unapproved(request, spec.path("approvedBy").asText());
            if (!unapproved.isEmpty()) {
                return refuse(unapproved);
            }
        }
        return AdmissionAnswer.allow(
                warnings, Map.of("approved-by", spec.path("approvedBy").asText("")));
    }

    /// Gives an exemption the stamp without which it does not hold, where whoever writes it may
    /// approve it and says so. Refuses nothing: that is the validating pass's.
    public AdmissionAnswer stamp(AdmissionRequest request) {
        boolean written =
                request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        JsonNode exemption = request.object();
        if (!written
                || !request.subResource().isEmpty()
                || !request.isA(GROUP, EXEMPTION)
                || stamps.holds(exemption)
                || !exemption.path("spec").path("approvedBy").asText().equals(request.user())
                || !approvals.mayApprove(request.userInfo(), request.name())) {
            return AdmissionAnswer.allow();
        }
        return new AdmissionAnswer(
                true,
                0,
                "",
                List.of(),
                Map.of(),
                JsonPatches.between(exemption, stamps.stamped(exemption)));
    }

    private List<String> unapproved(AdmissionRequest request, String approvedBy) {
        if (!approvedBy.equals(request.user())) {
            return List.of(
                    "spec.approvedBy: an exemption is approved by who makes it; write your own name"
                            + " as this cluster knows it (kubectl auth whoami): "
                            + request.user());
        }
        return approvals.mayApprove(request.userInfo(), request.name())
                ? List.of()
                : List.of(
                        "you may not approve exemptions: that needs the verb approve on"
                                + " exemptions.tollbridge.dev in the whole cluster");
    }

    /// Where it cannot be known, nothing is stored.
    public AdmissionAnswer unknown() {
        return new AdmissionAnswer(
                false,
                UNAVAILABLE,
                "tollbridge cannot tell now who may approve; try again",
                List.of(),
                Map.of(),
                null);
    }

    private static String document(AdmissionRequest request, JsonNode spec) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("apiVersion", "tollbridge.dev/v1alpha1").put("kind", request.kind());
        document.putObject("metadata").put("name", request.name());
        document.set("spec", spec);
        return document.toString();
    }

    private static AdmissionAnswer refuse(List<String> problems) {
        return AdmissionAnswer.refuse(
                "tollbridge refuses it:\n- " + String.join("\n- ", problems), List.of(), Map.of());
    }
}
