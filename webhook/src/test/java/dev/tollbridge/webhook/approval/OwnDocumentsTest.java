package dev.tollbridge.webhook.approval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.review.AdmissionRequest;
import dev.tollbridge.webhook.review.Operation;
import io.fabric8.zjsonpatch.JsonPatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// DESIGN 14, rule 14: an exemption holds where somebody who may approve it was seen to write it.
class OwnDocumentsTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final byte[] KEY =
            "a key that only tests have......".getBytes(StandardCharsets.UTF_8);
    private static final Stamps STAMPS = Stamps.keyed(KEY);

    private final OwnDocuments documents =
            new OwnDocuments(
                    _ -> new DocumentCheck.Checked(List.of(), List.of()),
                    (user, _) -> user.path("username").asText().equals("security"),
                    STAMPS);

    private static ObjectNode exemption(String name, String approvedBy) {
        ObjectNode exemption = MAPPER.createObjectNode();
        exemption.putObject("metadata").put("name", name);
        exemption
                .putObject("spec")
                .put("namespace", "payments")
                .put("approvedBy", approvedBy)
                .putObject("match")
                .put("secret", "legacy");
        return exemption;
    }

    private AdmissionAnswer stamp(String user, JsonNode object, Operation operation) {
        return documents.stamp(
                new AdmissionRequest(
                        "uid",
                        OwnDocuments.GROUP,
                        "Exemption",
                        "",
                        operation,
                        "",
                        object.path("metadata").path("name").asText(),
                        user,
                        Set.of(),
                        MAPPER.createObjectNode().put("username", user),
                        object,
                        MAPPER.createObjectNode(),
                        false));
    }

    private static JsonNode patched(JsonNode object, AdmissionAnswer answer) {
        return answer.patch() == null ? object : JsonPatch.apply(answer.patch(), object);
    }

    @Test
    void whatAnApproverWritesIsStampedAndNothingElseOfItChanges() {
        ObjectNode before = exemption("legacy", "security");
        JsonNode after = patched(before, stamp("security", before, Operation.CREATE));

        assertThat(STAMPS.holds(after)).isTrue();
        assertThat(after.path("spec")).isEqualTo(before.path("spec"));
        assertThat(stamp("security", after, Operation.UPDATE).patch()).isNull();
    }

    @Test
    void nobodyElseIsGivenAStamp() {
        ObjectNode forged = exemption("legacy", "security");
        assertThat(stamp("writer", forged, Operation.CREATE).patch()).isNull();
        ObjectNode own = exemption("legacy", "writer");
        assertThat(stamp("writer", own, Operation.CREATE).patch()).isNull();
        assertThat(STAMPS.holds(forged)).isFalse();
    }

    @Test
    void aStampIsOfOneNameAndOneSpec() {
        ObjectNode before = exemption("legacy", "security");
        JsonNode stamped = patched(before, stamp("security", before, Operation.CREATE));

        ObjectNode renamed = stamped.deepCopy();
        renamed.withObject("/metadata").put("name", "another");
        assertThat(STAMPS.holds(renamed)).isFalse();
        ObjectNode widened = stamped.deepCopy();
        widened.withObject("/spec/match").put("secret", "another");
        assertThat(STAMPS.holds(widened)).isFalse();
        ObjectNode labelled = stamped.deepCopy();
        labelled.withObject("/metadata/labels").put("a", "b");
        assertThat(STAMPS.holds(labelled)).isTrue();
    }

    @Test
    void whatWasWrittenUnaskedHoldsOnceAnApproverTouchesIt() {
        ObjectNode unasked = exemption("legacy", "security");
        assertThat(STAMPS.holds(unasked)).isFalse();
        assertThat(stamp("controller", unasked, Operation.UPDATE).patch()).isNull();

        assertThat(STAMPS.holds(patched(unasked, stamp("security", unasked, Operation.UPDATE))))
                .isTrue();
    }

    @Test
    void aFingerprintThatPeopleAreShownIsNoStamp() {
        ObjectNode exemption = exemption("legacy", "security");
        String spec = exemption.path("spec").toString();
        for (String text :
                List.of(spec, "legacy\n" + spec, "tollbridge exemption\nlegacy\n" + spec)) {
            ObjectNode forged = exemption.deepCopy();
            forged.withObject("/metadata/annotations")
                    .put(Stamps.ANNOTATION, Fingerprints.keyed(KEY).of(text));
            assertThat(STAMPS.holds(forged)).isFalse();
        }
    }

    @Test
    void theOrderOfFieldsDoesNotMatter() throws Exception {
        ObjectNode before = exemption("legacy", "security");
        JsonNode stamped = patched(before, stamp("security", before, Operation.CREATE));
        ObjectNode turned = stamped.deepCopy();
        turned.set(
                "spec",
                MAPPER.readTree(
                        "{\"match\": {\"secret\": \"legacy\"}, \"approvedBy\": \"security\", \"namespace\": \"payments\"}"));
        assertThat(STAMPS.holds(turned)).isTrue();
    }
}
