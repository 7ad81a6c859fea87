package dev.tollbridge.webhook.docs;

import dev.tollbridge.webhook.advise.Check;
import dev.tollbridge.webhook.advise.Matrix;
import dev.tollbridge.webhook.advise.Recommendation;
import dev.tollbridge.webhook.advise.RuntimeClass;
import dev.tollbridge.webhook.advise.SignIn;
import dev.tollbridge.webhook.advise.Tool;
import dev.tollbridge.webhook.detect.Advice;
import dev.tollbridge.webhook.detect.rule.Catalogue;
import dev.tollbridge.webhook.detect.rule.Detector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// docs/detectors.md and docs/advise.md, written from the data.
final class DetectorPages {

    private DetectorPages() {}

    static String detectors() {
        Catalogue catalogue = Catalogue.shipped();
        Map<String, Detector> byId =
                catalogue.detectors().stream()
                        .collect(Collectors.toMap(Detector::id, Function.identity()));
        StringBuilder page = new StringBuilder();
        page.append("# Detectors\n\n");
        page.append(
                "Written from the data in `webhook/src/main/resources/dev/tollbridge/webhook/detect/rule`; a test keeps it true.\n");
        page.append(
                "[How they work](scan.md#how-a-finding-comes-about), [what to do instead](advise.md).\n\n");
        page.append(catalogue.detectors().size())
                .append(
                        " detectors. *Block*: what the webhook refuses where it enforces. *Warn*: it may be a workload's. ")
                .append(
                        "The content may prove more than the detector's own verdict; then it says so under *proof*.\n");
        Catalogue.byGroup()
                .forEach((group, ids) -> {
                    page.append("\n## ").append(title(group)).append("\n");
                    for (String id : ids) {
                        Detector detector = byId.get(id);
                        if (detector != null) {
                            detector(page, detector);
                        }
                    }
                });
        page.append(
                "\n## Allow rules\n\nTried first. What they recognise is a workload's credential and never a finding.\n\n");
        catalogue
                .workloads()
                .forEach(workload -> page.append("- `").append(workload.id()).append("`\n"));
        return page.toString();
    }

    private static String title(String group) {
        String words = group.replace('-', ' ');
        return words.length() <= 3
                ? words.toUpperCase(Locale.ROOT)
                : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static void detector(StringBuilder page, Detector detector) {
        page.append("\n### ").append(detector.id()).append("\n\n");
        page.append(plain(detector.tool())).append(". ");
        page.append(detector.verdict().words().substring(0, 1).toUpperCase(Locale.ROOT))
                .append(detector.verdict().words().substring(1))
                .append("; ")
                .append(detector.action().name().toLowerCase(Locale.ROOT));
        if (detector.podAction() != detector.action()) {
            page.append(", in a container's command ")
                    .append(detector.podAction().name().toLowerCase(Locale.ROOT));
        }
        page.append("; confidence ")
                .append(detector.confidence().name().toLowerCase(Locale.ROOT))
                .append(". [Instead](advise.md#")
                .append(detector.advice().id())
                .append(").\n");
        list(page, "Where", detector.paths());
        detector.evidence()
                .forEach(evidence ->
                        page.append("- Proof: ")
                                .append(plain(evidence.because()))
                                .append(": ")
                                .append(evidence.verdict().words())
                                .append("\n"));
        if (!detector.provenance().isEmpty()) {
            page.append("- What tells the flow: ")
                    .append(plain(detector.provenance()))
                    .append("\n");
        }
        list(page, "Not to be taken for it", detector.neighbours());
        if (!detector.source().isEmpty()) {
            page.append("- Source: ").append(plain(detector.source())).append("\n");
        }
    }

    private static void list(StringBuilder page, String what, List<String> items) {
        if (!items.isEmpty()) {
            page.append("- ")
                    .append(what)
                    .append(": ")
                    .append(
                            items.stream()
                                    .map(DetectorPages::plain)
                                    .collect(Collectors.joining("; ")))
                    .append("\n");
        }
    }

    /// Facts are quoted as they were learnt: nothing in them is markup.
    private static String plain(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]<>#|~])", "\\\\$1");
    }

    static String advise() {
        Matrix matrix = Matrix.shipped();
        StringBuilder page = new StringBuilder();
        page.append("# Which sign-in fits where\n\n");
        page.append(
                "What `tollbridge advise` says, as one page; written from the same data, and a test keeps it true.\n\n");
        page.append(
                "| where | somebody there | use | where that cannot be done |\n|---|---|---|---|\n");
        for (RuntimeClass runtime : matrix.runtimes()) {
            page.append("| [")
                    .append(runtime.id())
                    .append("](#")
                    .append(runtime.id())
                    .append("): ")
                    .append(runtime.title())
                    .append(" | ")
                    .append(runtime.person() ? "yes" : "no")
                    .append(" | ")
                    .append(runtime.signIn().words())
                    .append(" | ")
                    .append(
                            runtime.fallback() == SignIn.NONE
                                    ? "nothing else"
                                    : runtime.fallback().words())
                    .append(" |\n");
        }
        page.append(
                        "\nA browser login with PKCE is bound to the session that asked for it. A device code is bound to nothing a person can see, ")
                .append(
                        "so somebody else's can be approved by mistake (RFC 8628, section 5.4): it is a fallback for a person without a browser. ")
                .append("Neither belongs into automation.\n");
        for (RuntimeClass runtime : matrix.runtimes()) {
            place(page, matrix, runtime);
        }
        tools(page, matrix);
        services(page);
        return page.toString();
    }

    private static void place(StringBuilder page, Matrix matrix, RuntimeClass runtime) {
        Recommendation advice = matrix.recommend(runtime, Optional.empty());
        page.append("\n## ").append(runtime.id()).append("\n\n");
        page.append("**")
                .append(runtime.title())
                .append(": ")
                .append(advice.signIn().words())
                .append(".**\n");
        if (!runtime.how().isEmpty()) {
            page.append(runtime.how()).append("\n");
        }
        page.append("\n").append(runtime.why()).append("\n\n");
        for (Check check : advice.checks()) {
            page.append("- ")
                    .append(check.words())
                    .append(" (")
                    .append(check.source())
                    .append(")\n");
        }
    }

    private static void tools(StringBuilder page, Matrix matrix) {
        page.append(
                "\n## Tools\n\n| tool | browser with PKCE | device code | workload | to end a login |\n|---|---|---|---|---|\n");
        for (Tool tool : matrix.tools()) {
            page.append("| ").append(tool.title()).append(" (`").append(tool.id()).append("`)");
            for (String command :
                    List.of(tool.pkce(), tool.device(), tool.workload(), tool.revoke())) {
                page.append(" | ").append(command.isEmpty() ? "none" : command.replace("|", "\\|"));
            }
            page.append(" |\n");
        }
    }

    private static void services(StringBuilder page) {
        page.append(
                "\n## Instead of a stored login\n\nWhat the advice of a [finding](scan.md) leads to.\n");
        Map<String, Advice> advices = new LinkedHashMap<>();
        Catalogue.shipped()
                .detectors()
                .forEach(d -> advices.putIfAbsent(d.advice().id(), d.advice()));
        advices.forEach((id, advice) ->
                page.append("\n### ")
                        .append(id)
                        .append("\n\n")
                        .append(advice.words())
                        .append("\n"));
    }
}
