package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.MatchForm;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.issuer.Dangers.Guard;
import dev.tollbridge.bridge.issuer.Dangers.Kind;
import dev.tollbridge.bridge.issuer.Dangers.Pin;
import dev.tollbridge.bridge.shipped.ShippedYaml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes a preset of its file.
final class PresetReader {

    private PresetReader() {}

    static Preset read(PresetCatalogue catalogue, String id, List<String> aliases, String text) {
        ShippedYaml yaml = ShippedYaml.parse(id, text);
        if (!yaml.string("id").equals(id)) {
            throw yaml.wrong("id", "is not the name of the file");
        }
        Preset preset =
                yaml.has("refused") ? refused(yaml, aliases) : trusted(catalogue, yaml, aliases);
        yaml.noMore();
        return preset;
    }

    private static Preset refused(ShippedYaml yaml, List<String> aliases) {
        ShippedYaml refused = yaml.mapping("refused");
        String sentences = refused.string("why") + " " + refused.string("instead");
        refused.noMore();
        return new Preset(
                yaml.string("id"),
                aliases,
                yaml.string("name"),
                null,
                null,
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                "",
                Duration.ZERO,
                false,
                Duration.ZERO,
                Replay.SINGLE_USE,
                true,
                false,
                sentences,
                Dangers.NONE,
                List.of(),
                List.of(),
                guide(yaml.mapping("guide")));
    }

    private static Preset trusted(
            PresetCatalogue catalogue, ShippedYaml yaml, List<String> aliases) {
        return new Preset(
                yaml.string("id"),
                aliases,
                yaml.string("name"),
                yaml.optionalString("issuer"),
                pattern(yaml.optionalString("issuerPattern")),
                yaml.strings("algorithms"),
                claims(catalogue, yaml),
                yaml.strings("identifyingClaims"),
                yaml.strings("immutableIds"),
                yaml.string("stableSubject"),
                yaml.duration("tokenLifetime"),
                yaml.flag("mayOutlive"),
                yaml.duration("cap"),
                yaml.oneOf(Replay.class, "replay"),
                yaml.flag("requiresJti"),
                yaml.flagOrFalse("kubernetes"),
                null,
                dangers(yaml.mapping("dangers")),
                grants(yaml.mappings("recommended")),
                grants(yaml.mappings("dangerous")),
                guide(yaml.mapping("guide")));
    }

    private static @Nullable Pattern pattern(@Nullable String regex) {
        return regex == null ? null : Pattern.compile(regex);
    }

    /// The preset's own facts, after those of the preset whose tokens are alike.
    private static Map<String, ClaimFact> claims(PresetCatalogue catalogue, ShippedYaml yaml) {
        Map<String, ClaimFact> claims = new LinkedHashMap<>();
        String like = yaml.optionalString("claimsLike");
        if (like != null) {
            Preset other = catalogue.find(like);
            if (other == null) {
                throw yaml.wrong("claimsLike", "names no preset");
            }
            claims.putAll(other.claims());
        }
        if (yaml.has("claims")) {
            ShippedYaml own = yaml.mapping("claims");
            for (String name : own.keys()) {
                claims.put(name, claim(name, own.mapping(name)));
            }
        }
        return Collections.unmodifiableMap(claims);
    }

    private static ClaimFact claim(String name, ShippedYaml yaml) {
        String note = yaml.optionalString("note");
        ClaimFact fact =
                new ClaimFact(
                        name,
                        yaml.oneOf(ClaimFact.Type.class, "type"),
                        yaml.flag("immutable"),
                        yaml.flag("attackerControlled"),
                        yaml.oneOf(ClaimFact.Controller.class, "controller"),
                        note == null ? "" : note);
        yaml.noMore();
        return fact;
    }

    private static Dangers dangers(ShippedYaml yaml) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        if (yaml.has("names")) {
            ShippedYaml mapping = yaml.mapping("names");
            for (String name : mapping.keys()) {
                names.put(name, mapping.strings(name));
            }
        }
        List<Guard> guards = new ArrayList<>();
        for (ShippedYaml guard : yaml.mappingsOrEmpty("guards")) {
            guards.add(guard(guard));
        }
        Dangers dangers =
                new Dangers(
                        Collections.unmodifiableMap(names),
                        yaml.strings("wholeOnly"),
                        yaml.stringLists("anchors"),
                        List.copyOf(guards));
        yaml.noMore();
        return dangers;
    }

    private static Guard guard(ShippedYaml yaml) {
        List<List<Pin>> anyOf = new ArrayList<>();
        for (List<ShippedYaml> way : yaml.mappingLists("anyOf")) {
            List<Pin> pins = new ArrayList<>();
            for (ShippedYaml pin : way) {
                pins.add(
                        new Pin(
                                pin.string("claim"),
                                pin.listOrEmpty("only"),
                                pin.listOrEmpty("except"),
                                pin.flagOrFalse("absent")));
                pin.noMore();
            }
            anyOf.add(List.copyOf(pins));
        }
        Guard guard =
                new Guard(
                        yaml.oneOf(Kind.class, "kind"),
                        yaml.string("danger"),
                        yaml.optionalString("when"),
                        List.copyOf(anyOf));
        yaml.noMore();
        return guard;
    }

    private static List<ExampleGrant> grants(List<ShippedYaml> yamls) {
        List<ExampleGrant> grants = new ArrayList<>();
        for (ShippedYaml yaml : yamls) {
            Map<String, MatchForm> match = new LinkedHashMap<>();
            if (yaml.has("match")) {
                ShippedYaml mapping = yaml.mapping("match");
                for (String claim : mapping.keys()) {
                    match.put(claim, form(mapping, claim));
                }
            }
            grants.add(
                    new ExampleGrant(
                            yaml.string("title"),
                            Collections.unmodifiableMap(match),
                            yaml.optionalString("condition"),
                            yaml.string("why")));
            yaml.noMore();
        }
        return List.copyOf(grants);
    }

    private static MatchForm form(ShippedYaml match, String claim) {
        Object value = match.any(claim);
        if (value instanceof String || value instanceof Boolean) {
            return new MatchForm.Exact(value);
        }
        ShippedYaml yaml = match.mapping(claim);
        MatchForm form;
        if (yaml.has("prefix")) {
            form = new MatchForm.Prefix(yaml.string("prefix"));
        } else if (yaml.has("glob")) {
            form = new MatchForm.Glob(yaml.string("glob"));
        } else {
            List<MatchForm> forms = new ArrayList<>();
            for (String exact : yaml.strings("anyOf")) {
                forms.add(new MatchForm.Exact(exact));
            }
            form = new MatchForm.AnyOf(List.copyOf(forms));
        }
        yaml.noMore();
        return form;
    }

    private static Guide guide(ShippedYaml yaml) {
        Guide guide =
                new Guide(
                        yaml.string("issuerForm"),
                        yaml.string("audience"),
                        yaml.string("lifetime"),
                        yaml.stringsOrEmpty("howToGet"),
                        yaml.stringsOrEmpty("advice"),
                        yaml.stringsOrEmpty("dangers"),
                        yaml.stringsOrEmpty("notes"),
                        yaml.string("confidence"),
                        yaml.stringsOrEmpty("sources"));
        yaml.noMore();
        return guide;
    }
}
