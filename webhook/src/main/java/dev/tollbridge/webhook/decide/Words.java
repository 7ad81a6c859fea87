package dev.tollbridge.webhook.decide;

import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a ruling says to people: on one screen what was found, where, why that is a problem, what
/// to do instead, and how to an exemption. Names and places only, never a value.
public final class Words {

    private static final int LONGEST_WARNING = 256;
    private static final int MOST_WARNINGS = 12;

    /// Lines of a terminal, of which kubectl writes one itself.
    private static final int SCREEN = 24;

    private static final int LONGEST_NAME = 120;
    private static final int LONGEST_TEXT = 600;
    private static final int WIDTH = 100;

    private final Settings settings;

    public Words(Settings settings) {
        this.settings = settings;
    }

    public List<String> warnings(Ruling ruling) {
        List<Ruled> warned = ruling.with(Outcome.WARNED);
        List<String> lines = new ArrayList<>();
        for (Ruled each : warned.subList(0, Math.min(warned.size(), MOST_WARNINGS))) {
            lines.add(PlainText.of("tollbridge: " + inOneLine(each.concern()), LONGEST_WARNING));
        }
        if (warned.size() > MOST_WARNINGS) {
            lines.add("tollbridge: and " + (warned.size() - MOST_WARNINGS) + " more");
        }
        return lines;
    }

    /// One line, for warnings, logs and lists.
    public static String inOneLine(Concern concern) {
        String place = place(concern);
        return switch (concern) {
            case Concern.Found found ->
                    place
                            + ": "
                            + found.finding().verdict().words()
                            + " ("
                            + found.finding().tool()
                            + ", detector "
                            + found.finding().detector()
                            + "); pods and jobs need a workload identity instead: tollbridge advise"
                            + " --runtime pod";
            case Concern.Unknown unknown -> place + ": " + unknown.words();
            case Concern.Opaque opaque -> place + ": cannot be inspected: " + opaque.words();
            case Concern.Broken broken -> place + ": " + broken.words();
        };
    }

    private static String place(Concern concern) {
        StringBuilder place = new StringBuilder(concern.path());
        StoredName source = concern.source();
        if (source != null) {
            place.append(" (").append(source);
            if (concern instanceof Concern.Found found && !found.key().isEmpty()) {
                place.append(", key ").append(found.key());
            }
            place.append(')');
        }
        if (concern instanceof Concern.Found found && !found.finding().place().within().isEmpty()) {
            place.append(" in ").append(String.join(" > ", found.finding().place().within()));
        }
        return PlainText.of(place.toString(), LONGEST_NAME);
    }

    public String refusal(Ruling ruling) {
        List<Ruled> refused = ruling.with(Outcome.REFUSED);
        List<String> lines = new ArrayList<>();
        lines.add(
                "tollbridge refuses "
                        + PlainText.of(ruling.subject().toString(), LONGEST_NAME)
                        + ": "
                        + refused.size()
                        + (refused.size() == 1 ? " finding." : " findings."));
        List<String> end = new ArrayList<>();
        if (refused.stream().anyMatch(each -> each.concern() instanceof Concern.Found)) {
            fix(end);
        }
        mended(ruling.subject(), refused, end);
        exemption(ruling.subject(), refused.getFirst().concern(), end);
        int told = 0;
        for (Ruled each : refused) {
            List<String> details = new ArrayList<>();
            detail(each.concern(), details);
            boolean fits = lines.size() + details.size() + end.size() < SCREEN;
            if (told > 0 && !fits) {
                break;
            }
            lines.addAll(details);
            told++;
        }
        if (told < refused.size()) {
            lines.add("and " + (refused.size() - told) + " more.");
        }
        lines.addAll(end);
        return String.join("\n", lines);
    }

    private static void detail(Concern concern, List<String> lines) {
        lines.add("- " + place(concern));
        switch (concern) {
            case Concern.Found found -> {
                Finding finding = found.finding();
                lines.add(
                        "  "
                                + what(finding)
                                + finding.tool()
                                + ": "
                                + finding.verdict().words()
                                + " (detector "
                                + finding.detector()
                                + (finding.key().isEmpty() ? "" : ", field " + finding.key())
                                + ")");
                if (!finding.provenance().isEmpty()) {
                    wrapped("why: " + finding.provenance(), lines);
                }
                wrapped("instead: " + finding.advice().words(), lines);
                String command = finding.advice().command();
                if (!command.isEmpty()) {
                    wrapped("migrate: " + command, lines);
                }
                lines.add("  read: docs/" + finding.page());
            }
            case Concern.Unknown unknown -> wrapped(unknown.words(), lines);
            case Concern.Opaque opaque ->
                    wrapped(
                            "cannot be inspected: "
                                    + opaque.words()
                                    + "; the settings say: uninspectable: deny",
                            lines);
            case Concern.Broken broken -> wrapped(broken.words(), lines);
        }
    }

    /// Detectors say by the field what they looked at.
    private static String what(Finding finding) {
        return switch (finding.key()) {
            case "command" -> "starts an interactive login of ";
            case "hostPath" -> "is where people's logins are kept by ";
            default -> "is a login of ";
        };
    }

    private void fix(List<String> lines) {
        lines.add("In place of a stored login, let the pod be given a credential of its own:");
        lines.add("  labels:      {tollbridge.dev/inject: \"true\"}");
        String targets =
                settings.targets().isEmpty()
                        ? "TARGET"
                        : String.join(
                                " or ",
                                settings.targets()
                                        .subList(0, Math.min(4, settings.targets().size())));
        lines.add("  annotations: {tollbridge.dev/targets: \"" + targets + "\"}");
    }

    /// A verdict improves when stored content is shown clean, which the next write does.
    private static void mended(Subject subject, List<Ruled> refused, List<String> lines) {
        for (Ruled each : refused) {
            StoredName source = each.concern().source();
            if (source != null
                    && each.concern() instanceof Concern.Found
                    && !source.kind().written().equals(subject.kind())) {
                wrapped(
                        "If it was mended since: kubectl annotate --overwrite "
                                + source.kind().written().toLowerCase(Locale.ROOT)
                                + " "
                                + source.name()
                                + " tollbridge.dev/seen=\"$(date)\" shows what is stored now.",
                        lines);
                return;
            }
        }
    }

    private static void exemption(Subject subject, Concern concern, List<String> lines) {
        String pins = pins(subject, concern);
        if (!pins.isEmpty()) {
            lines.add(
                    "If it has to be: whoever may approve it writes an Exemption (docs/webhook.md):");
            lines.add(
                    PlainText.of(
                            "  {namespace: " + subject.namespace() + ", match: {" + pins + "}}",
                            LONGEST_WARNING));
        }
    }

    private static String pins(Subject subject, Concern concern) {
        String object = objectPin(subject, concern.source());
        return switch (concern) {
            case Concern.Found found ->
                    (object.isEmpty() ? "" : object + ", ")
                            + "detector: "
                            + found.finding().detector()
                            + ", fingerprint: "
                            + quoted(found.finding().fingerprint());
            case Concern.Unknown _, Concern.Opaque _ -> object;
            // There is no exemption from having been tampered with.
            case Concern.Broken _ -> "";
        };
    }

    private static String objectPin(Subject subject, @Nullable StoredName source) {
        if (source != null && !source.name().isEmpty()) {
            return (source.kind() == StoredKind.SECRET ? "secret: " : "configMap: ")
                    + source.name();
        }
        return subject.isPod() && !subject.name().isEmpty() ? "pod: " + subject.name() : "";
    }

    /// All digits would be a number to YAML.
    private static String quoted(String text) {
        return '"' + text + '"';
    }

    /// On as many lines as it needs, each indented.
    private static void wrapped(String text, List<String> lines) {
        StringBuilder line = new StringBuilder("  ");
        for (String word : PlainText.of(text, LONGEST_TEXT).split(" ")) {
            if (line.length() + word.length() > WIDTH && !line.toString().isBlank()) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder("    ");
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
    }
}
