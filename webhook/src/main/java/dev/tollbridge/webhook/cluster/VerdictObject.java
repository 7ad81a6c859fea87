package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.Advice;
import dev.tollbridge.webhook.detect.Confidence;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.Place;
import dev.tollbridge.webhook.detect.Uninspected;
import dev.tollbridge.webhook.detect.Verdict;
import dev.tollbridge.webhook.index.Entry;
import dev.tollbridge.webhook.index.ObjectVerdict;
import dev.tollbridge.webhook.index.Standing;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A verdict as a `SecretVerdict`: detectors' words, places and fingerprints, never a value.
///
/// All are in the webhook's own namespace, whatever namespace they are about: who may do anything
/// in a namespace of his own must not be able to change what is known of its Secrets.
final class VerdictObject {

    static final String KIND = "SecretVerdict";
    static final String API_VERSION = "tollbridge.dev/v1alpha1";

    private static final int NAME_LENGTH = 40;
    private static final int LONGEST_WORDS = 600;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private VerdictObject() {}

    /// A name of its own for each, that no namespace or name can imitate.
    static String nameOf(StoredName name) {
        String prefix = name.kind() == StoredKind.SECRET ? "secret-" : "configmap-";
        byte[] text = (name.namespace() + "/" + name.name()).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
            return prefix + HexFormat.of().formatHex(hash).substring(0, NAME_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// @param resourceVersion of the object that it replaces; null for a new one
    static GenericKubernetesResource write(
            StoredName name, Entry entry, String namespace, @Nullable String resourceVersion) {
        ObjectNode spec = MAPPER.createObjectNode();
        spec.put("kind", name.kind().written());
        spec.put("namespace", name.namespace());
        spec.put("name", name.name());
        spec.put("class", summary(entry.verdict()));
        spec.put("standing", entry.standing().name().toLowerCase(Locale.ROOT));
        if (!entry.before().isEmpty()) {
            spec.put("before", entry.before());
        }
        if (!entry.at().isEmpty()) {
            spec.put("at", entry.at());
        }
        if (!entry.verdict().clean()) {
            ArrayNode keys = spec.putArray("keys");
            new TreeMap<>(entry.verdict().keys())
                    .forEach((key, judgement) -> key(keys.addObject().put("key", key), judgement));
        }
        GenericKubernetesResource object =
                new GenericKubernetesResourceBuilder()
                        .withApiVersion(API_VERSION)
                        .withKind(KIND)
                        .withNewMetadata()
                        .withName(nameOf(name))
                        .withNamespace(namespace)
                        .withResourceVersion(resourceVersion)
                        .endMetadata()
                        .build();
        object.setAdditionalProperty("spec", MAPPER.convertValue(spec, Map.class));
        return object;
    }

    /// The worst of it in a word, for `kubectl get`.
    private static String summary(ObjectVerdict verdict) {
        return verdict.keys().values().stream()
                .flatMap(judgement -> judgement.findings().stream())
                .map(Finding::verdict)
                .min(Verdict::compareTo)
                .map(VerdictObject::word)
                .orElse(verdict.clean() ? "clean" : "uninspectable");
    }

    private static void key(ObjectNode key, Judgement judgement) {
        if (!judgement.findings().isEmpty()) {
            ArrayNode findings = key.putArray("findings");
            judgement.findings().forEach(finding -> finding(findings.addObject(), finding));
        }
        if (!judgement.uninspected().isEmpty()) {
            ArrayNode parts = key.putArray("uninspected");
            judgement
                    .uninspected()
                    .forEach(part ->
                            place(
                                    parts.addObject().put("reason", word(part.reason())),
                                    part.place()));
        }
    }

    private static void finding(ObjectNode node, Finding finding) {
        node.put("detector", finding.detector());
        node.put("class", word(finding.verdict()));
        node.put("action", word(finding.action()));
        node.put("confidence", word(finding.confidence()));
        node.put("fingerprint", finding.fingerprint());
        node.put("tool", finding.tool());
        node.put("field", finding.key());
        node.put("provenance", cut(finding.provenance()));
        node.putObject("advice")
                .put("id", finding.advice().id())
                .put("words", cut(finding.advice().words()))
                .put("command", cut(finding.advice().command()));
        finding.agreeing().forEach(node.withArray("agreeing")::add);
        place(node, finding.place());
    }

    private static void place(ObjectNode node, Place place) {
        place.within().forEach(step -> node.withArray("within").add(cut(step)));
        if (place.line() > 0) {
            node.put("line", place.line());
        }
    }

    private static String cut(String words) {
        return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode word) {
        return Enum.valueOf(type, word.asText().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /// What an object is about and says.
    record Read(StoredName name, Entry entry) {}

    /// Null where it is not what the webhook writes: nothing is believed of it.
    static @Nullable Read read(GenericKubernetesResource object) {
        JsonNode spec = MAPPER.valueToTree(object.getAdditionalProperties().get("spec"));
        if (spec == null || !spec.isObject()) {
            return null;
        }
        try {
            StoredName name =
                    new StoredName(
                            spec.path("kind").asText().equals(StoredKind.SECRET.written())
                                    ? StoredKind.SECRET
                                    : StoredKind.CONFIG_MAP,
                            spec.path("namespace").asText(),
                            spec.path("name").asText());
            if (!Objects.equals(nameOf(name), object.getMetadata().getName())) {
                return null;
            }
            Map<String, Judgement> keys = new TreeMap<>();
            for (JsonNode key : spec.path("keys")) {
                keys.put(key.path("key").asText(), judgement(key));
            }
            ObjectVerdict verdict = new ObjectVerdict(keys);
            if (verdict.clean() != spec.path("class").asText().equals("clean")) {
                return null;
            }
            return new Read(
                    name,
                    new Entry(
                            verdict,
                            constant(Standing.class, spec.path("standing")),
                            spec.path("before").asText(),
                            spec.path("at").asText()));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static Judgement judgement(JsonNode key) {
        List<Finding> findings = new ArrayList<>();
        for (JsonNode finding : key.path("findings")) {
            findings.add(finding(finding));
        }
        List<Uninspected> uninspected = new ArrayList<>();
        for (JsonNode part : key.path("uninspected")) {
            uninspected.add(
                    new Uninspected(
                            place(part), constant(Uninspected.Reason.class, part.path("reason"))));
        }
        return new Judgement(findings, uninspected);
    }

    private static Finding finding(JsonNode node) {
        JsonNode advice = node.path("advice");
        return new Finding(
                node.path("detector").asText(),
                node.path("tool").asText(),
                constant(Verdict.class, node.path("class")),
                constant(Action.class, node.path("action")),
                place(node),
                node.path("field").asText(),
                node.path("provenance").asText(),
                constant(Confidence.class, node.path("confidence")),
                new Advice(
                        advice.path("id").asText(),
                        advice.path("words").asText(),
                        advice.path("command").asText()),
                texts(node.path("agreeing")),
                node.path("fingerprint").asText());
    }

    private static Place place(JsonNode node) {
        return new Place(texts(node.path("within")), node.path("line").asInt());
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
