package dev.tollbridge.bridge.ledger.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.session.Opening;
import dev.tollbridge.bridge.session.SealedOpenings;
import dev.tollbridge.bridge.session.SessionEnd;
import dev.tollbridge.bridge.session.SessionState;
import dev.tollbridge.bridge.session.SessionState.Ended;
import dev.tollbridge.bridge.session.SessionStore.Stored;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One job session as an object. What it was opened with is sealed and never changes; what is
/// readable of it is there for people and not believed. The status says how far it is, with no
/// handle: those are codes that are stored nowhere.
final class SessionObject {

    private static final String PREFIX = "ses_";
    private static final int ULID_LENGTH = 26;

    private SessionObject() {}

    /// Whether it is the id of a session at all: other text must not become part of a path.
    static boolean isId(String session) {
        return session.startsWith(PREFIX)
                && session.length() == PREFIX.length() + ULID_LENGTH
                && session.chars()
                        .skip(PREFIX.length())
                        .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'));
    }

    /// A ULID's letters are those of a name, in lower case.
    static String name(String session) {
        return session.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String id(String name) {
        return name.toUpperCase(Locale.ROOT).replace("SES-", PREFIX);
    }

    /// @param write names this write, so that its own outcome is recognised
    static GenericKubernetesResource of(SessionState session, SealedOpenings seal, String write) {
        Opening opening = session.opening();
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setMetadata(
                new ObjectMetaBuilder()
                        .withName(name(opening.id()))
                        .addToLabels(IssuanceObject.ENDS, IssuanceObject.hour(opening.ends()))
                        .build());
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put(
                "opening",
                Base64.getUrlEncoder().withoutPadding().encodeToString(seal.seal(opening)));
        spec.put("issuer", opening.issuer());
        spec.put("targets", opening.given().stream().map(Opening.Given::target).toList());
        spec.put("owner", opening.given().getFirst().owner());
        spec.put("opened", opening.opened().toString());
        spec.put("ends", opening.ends().toString());
        object.setAdditionalProperty("spec", spec);
        Map<String, @Nullable Object> status = status(session, write);
        status.values().removeIf(Objects::isNull);
        object.setAdditionalProperty("status", status);
        return object;
    }

    /// A merge patch that makes exactly the object that was seen say this.
    static String became(Stored seen, SessionState next, String write) {
        return IssuanceObject.json(
                Map.of(
                        "metadata",
                        Map.of("resourceVersion", seen.version()),
                        "status",
                        status(next, write)));
    }

    /// Every member, null ones too: a merge leaves what it does not name. Lists, no maps, for the
    /// same reason.
    private static Map<String, @Nullable Object> status(SessionState session, String write) {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        Ended ended = session.ended();
        status.put("phase", ended == null ? "Open" : "Ended");
        status.put("handle", session.number());
        status.put("before", session.before());
        status.put("attempt", session.attempt());
        status.put("turned", session.turned().toString());
        status.put("issued", issued(session.issued()));
        status.put("last", session.last());
        status.put("why", ended == null ? null : ended.why().code());
        status.put("by", ended == null ? null : ended.by());
        status.put("since", ended == null ? null : ended.since().toString());
        status.put("write", write);
        return status;
    }

    private static List<Map<String, String>> issued(Map<String, Instant> issued) {
        List<Map<String, String>> list = new ArrayList<>(issued.size());
        new TreeMap<>(issued)
                .forEach((id, ends) -> list.add(Map.of("id", id, "expires", ends.toString())));
        return list;
    }

    static String write(GenericKubernetesResource object) {
        return IssuanceObject.tree(object).at("/status/write").asText();
    }

    /// @return null when it is none that this version wrote with these keys
    static @Nullable Stored read(GenericKubernetesResource object, SealedOpenings seal) {
        JsonNode tree = IssuanceObject.tree(object);
        JsonNode status = tree.path("status");
        try {
            Opening opening =
                    seal.open(
                            id(object.getMetadata().getName()),
                            Base64.getUrlDecoder().decode(tree.at("/spec/opening").asText()));
            if (opening == null) {
                return null;
            }
            Map<String, Instant> issued = new LinkedHashMap<>();
            status.path("issued")
                    .forEach(one ->
                            issued.put(
                                    one.path("id").asText(),
                                    Instant.parse(one.path("expires").asText())));
            List<String> last = new ArrayList<>();
            status.path("last").forEach(id -> last.add(id.asText()));
            SessionState state =
                    new SessionState(
                            opening,
                            status.path("handle").asInt(),
                            status.path("before").asInt(),
                            status.path("attempt").isTextual()
                                    ? status.path("attempt").asText()
                                    : null,
                            Instant.parse(status.path("turned").asText()),
                            issued,
                            last,
                            ended(status));
            return new Stored(state, object.getMetadata().getResourceVersion());
        } catch (DateTimeException | IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Ended ended(JsonNode status) {
        if (!status.path("phase").asText().equals("Ended")) {
            return null;
        }
        SessionEnd why = SessionEnd.of(status.path("why").asText());
        return new Ended(
                why == null ? SessionEnd.OPERATOR : why,
                status.path("by").asText(),
                Instant.parse(status.path("since").asText()));
    }
}
