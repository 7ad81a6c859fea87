package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.issuer.Dangers.Guard;
import dev.tollbridge.bridge.issuer.Dangers.Pin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Writes the documentation of the presets from their data: `docs/presets.md` and one page each.
final class PresetPages {

    private PresetPages() {}

    /// Texts by path below `docs/`.
    static Map<String, String> all(PresetCatalogue catalogue) {
        Map<String, String> pages = new TreeMap<>();
        pages.put("presets.md", overview(catalogue));
        for (Preset preset : catalogue.all()) {
            pages.put(
                    "presets/" + preset.id() + ".md",
                    preset.refused() == null ? page(preset) : refusal(preset));
        }
        return pages;
    }

    private static String overview(PresetCatalogue catalogue) {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Presets

                <!-- Made from bridge/src/main/resources/dev/tollbridge/bridge/issuer/presets by PresetPagesTest. -->

                A preset is what is known about one token issuer: how its tokens look, who controls each claim,
                which claims name a workload for ever, how long tokens live and how often one can be had. A
                TrustedIssuer names its preset by id or short name:

                ```yaml
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: github}
                spec:
                  preset: github-actions
                  audience: https://tollbridge.acme.example
                ```

                Presets that share a short name are a family, of which the `issuer` of the document picks the
                member: `gitlab` is gitlab.com, and with another `issuer` a self-managed GitLab. Where every
                customer has an issuer of their own, `issuer` must be written.

                What the columns mean. **Replay**: `single-use` where a job can ask for another token whenever it
                wants one, `per-target` where it gets one only once, `record` for pods, whose SDKs present a token
                again until it expires. **May outlive**: a CI token lives minutes only to be exchanged, so a
                credential may live on (at most the cap, 1 h); the token of a pod or of another running workload is
                its lease, which no credential outlives. Each of these can be changed in the TrustedIssuer or grant.

                How far a preset can be believed stands on its page under "Where this comes from": some facts were
                read in vendors' documents or source code, some are from memory and say so.

                | preset | short names | issuer | longest token | replay | may outlive | immutable ids |
                |---|---|---|---|---|---|---|
                """);
        for (Preset preset : catalogue.all()) {
            if (preset.refused() != null) {
                continue;
            }
            row(
                    page,
                    "[" + preset.id() + "](presets/" + preset.id() + ".md)",
                    codes(preset.aliases()),
                    preset.issuer() == null
                            ? cell(preset.guide().issuerForm())
                            : code(preset.issuer()),
                    words(preset.tokenLifetime()),
                    words(preset.replay()),
                    preset.mayOutlive() ? "yes" : "no",
                    preset.immutableIds().isEmpty() ? "none" : codes(preset.immutableIds()));
        }
        page.append(
                """

                ## Refused

                These have no identity tokens that could be trusted. Their names are known, so that a
                configuration which asks for one is told why and what to do instead.

                | preset | why, and what instead |
                |---|---|
                """);
        for (Preset preset : catalogue.all()) {
            if (preset.refused() != null) {
                row(
                        page,
                        "[" + preset.id() + "](presets/" + preset.id() + ".md)",
                        cell(preset.refused()));
            }
        }
        return page.toString();
    }

    private static String refusal(Preset preset) {
        StringBuilder page = new StringBuilder();
        heading(page, preset);
        page.append("**Cannot be trusted.** ").append(preset.refused()).append("\n");
        list(page, "What is known", preset.guide().howToGet());
        list(page, "Advice", preset.guide().advice());
        list(page, "Do not", preset.guide().dangers());
        sources(page, preset);
        return page.toString();
    }

    private static String page(Preset preset) {
        StringBuilder page = new StringBuilder();
        heading(page, preset);
        facts(page, preset);
        list(page, "How a job gets a token", preset.guide().howToGet());
        page.append("\n## Grants to copy\n");
        for (ExampleGrant grant : preset.recommended()) {
            grant(page, preset, grant);
        }
        page.append("\nWhat else a grant should pin:\n\n");
        bullets(page, preset.guide().advice());
        dangers(page, preset);
        claims(page, preset);
        list(page, "Notes", preset.guide().notes());
        sources(page, preset);
        return page.toString();
    }

    private static void heading(StringBuilder page, Preset preset) {
        page.append("# ").append(preset.name()).append("\n\n");
        page.append("<!-- Made from presets/")
                .append(preset.id())
                .append(".yaml by PresetPagesTest. -->\n\n");
        page.append("`preset: ").append(preset.id()).append("`");
        if (!preset.aliases().isEmpty()) {
            page.append(", also ").append(codes(preset.aliases()));
        }
        page.append(". [All presets](../presets.md)\n\n");
    }

    private static void facts(StringBuilder page, Preset preset) {
        Guide guide = preset.guide();
        page.append("| | |\n|---|---|\n");
        row(
                page,
                "issuer",
                preset.issuer() == null
                        ? cell(guide.issuerForm()) + " (write it in `issuer`)"
                        : code(preset.issuer()));
        row(page, "audience", cell(guide.audience()));
        row(page, "algorithms", codes(preset.algorithms()));
        row(page, "life of a token, as the platform says", cell(guide.lifetime()));
        row(
                page,
                "longest token accepted",
                words(preset.tokenLifetime()) + " (`maxTokenLifetime` changes it)");
        row(page, "replay", words(preset.replay()) + " (`replay` changes it)");
        row(page, "`jti` required", preset.requiresJti() ? "yes" : "no");
        row(
                page,
                "a credential may outlive the token",
                preset.mayOutlive()
                        ? "yes, up to " + words(preset.cap())
                        : "no: the token is the workload's lease");
        row(
                page,
                "immutable ids",
                preset.immutableIds().isEmpty()
                        ? "none: names only"
                        : codes(preset.immutableIds()));
        row(page, "subject in records and in what the bridge signs", code(preset.stableSubject()));
        row(page, "claims in the record", codes(preset.identifyingClaims()));
        if (preset.kubernetes()) {
            row(page, "bound pod", "required, unless `requirePod: false`");
        }
    }

    private static void grant(StringBuilder page, Preset preset, ExampleGrant grant) {
        page.append("\nFor ")
                .append(grant.title())
                .append(". ")
                .append(grant.why())
                .append("\n\n```yaml\n")
                .append(GrantYaml.document("deploy", preset.id(), "internal-api", grant))
                .append("```\n");
    }

    private static void dangers(StringBuilder page, Preset preset) {
        page.append("\n## Dangers\n\n");
        bullets(page, preset.guide().dangers());
        if (!preset.dangers().guards().isEmpty()) {
            page.append("\nA grant has to shut these out, or `tollbridge check` refuses it:\n\n");
            for (Guard guard : preset.dangers().guards()) {
                page.append("- ");
                if (guard.when() != null) {
                    page.append("(where ").append(code(guard.when())).append(" is pinned) ");
                }
                page.append(guard.danger())
                        .append(" Shut out by: ")
                        .append(
                                String.join(
                                        "; or ",
                                        guard.anyOf().stream().map(PresetPages::pins).toList()))
                        .append(".\n");
            }
        }
        page.append("\nGrants that `tollbridge check` refuses:\n\n");
        for (ExampleGrant grant : preset.dangerous()) {
            page.append("- ").append(grant.title()).append(". ").append(grant.why()).append('\n');
        }
    }

    private static String pins(List<Pin> pins) {
        List<String> words = new ArrayList<>();
        for (Pin pin : pins) {
            if (pin.absent()) {
                words.add("the condition " + code("!('" + pin.claim() + "' in claims)"));
            } else if (!pin.only().isEmpty()) {
                words.add(code(pin.claim()) + " pinned to " + codes(pin.only()));
            } else if (!pin.except().isEmpty()) {
                words.add(code(pin.claim()) + " pinned, not to " + codes(pin.except()));
            } else {
                words.add(code(pin.claim()) + " pinned");
            }
        }
        return String.join(" and ", words);
    }

    private static void claims(StringBuilder page, Preset preset) {
        page.append(
                """

                ## Claims

                | claim | type | names the same for ever | who decides the value | |
                |---|---|---|---|---|
                """);
        for (ClaimFact fact : preset.claims().values()) {
            row(
                    page,
                    code(fact.name()),
                    words(fact.type()),
                    fact.immutable() ? "yes" : "no",
                    words(fact.controller())
                            + (fact.attackerControlled() ? ", so not to be relied on alone" : ""),
                    cell(fact.note()));
        }
    }

    private static void sources(StringBuilder page, Preset preset) {
        page.append("\n## Where this comes from\n\n");
        page.append("Confidence: ").append(preset.guide().confidence()).append(".\n\n");
        bullets(page, preset.guide().sources());
    }

    private static void list(StringBuilder page, String title, List<String> items) {
        if (!items.isEmpty()) {
            page.append("\n## ").append(title).append("\n\n");
            bullets(page, items);
        }
    }

    private static void bullets(StringBuilder page, List<String> items) {
        for (String item : items) {
            page.append("- ").append(item.replace("<", "&lt;")).append('\n');
        }
    }

    private static void row(StringBuilder page, String... cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }

    private static String codes(List<?> texts) {
        return String.join(", ", texts.stream().map(t -> code(t.toString())).toList());
    }

    private static String words(Duration duration) {
        return duration.toMinutes() % 60 == 0
                ? duration.toHours() + " h"
                : duration.toMinutes() + " min";
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String words(Replay replay) {
        return "`" + replay.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`";
    }
}
