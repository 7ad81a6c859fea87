package dev.tollbridge.bridge.ledger.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One issuance as an object: what its line of the record holds (INTERFACE 4), and nothing else.
final class IssuanceObject {

    /// The hour in which it may be collected, in UTC.
    static final String ENDS = "tollbridge.dev/ends";

    /// The uid of the pod that its subject ran in.
    static final String POD = "tollbridge.dev/pod";

    private static final String POD_UID = "/kubernetes.io/pod/uid";
    private static final Pattern UID =
            Pattern.compile("[0-9A-Za-z]([-0-9A-Za-z]{0,61}[0-9A-Za-z])?");
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyyMMddHH", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String PREFIX = "iss_";
    private static final ObjectMapper JSON = new ObjectMapper();

    private IssuanceObject() {}

    /// A ULID's letters are those of a name, in lower case.
    static String name(String issuance) {
        return issuance.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String hour(Instant time) {
        return HOUR.format(time);
    }

    /// Whether it is the id of an issuance at all: other text must not become part of a path.
    static boolean isId(String issuance) {
        return issuance.startsWith(PREFIX)
                && issuance.length() == PREFIX.length() + 26
                && issuance.chars()
                        .skip(PREFIX.length())
                        .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'));
    }

    /// @param replica which bridge it is of, and which life of that
    static GenericKubernetesResource of(
            AuditRecord record, Status phase, String replica, String life) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setMetadata(
                new ObjectMetaBuilder()
                        .withName(name(String.valueOf(record.id())))
                        .addToLabels(ENDS, hour(ends(record)))
                        .build());
        String pod = record.claims().get(POD_UID);
        if (pod != null && isUid(pod)) {
            object.getMetadata().getLabels().put(POD, pod);
        }
        object.setAdditionalProperty("spec", spec(record, replica, life));
        object.setAdditionalProperty("status", status(record, phase));
        return object;
    }

    /// What may stand in a label and in a question for it.
    static boolean isUid(String text) {
        return UID.matcher(text).matches();
    }

    private static Instant ends(AuditRecord record) {
        return record.expires() == null ? record.time() : record.expires();
    }

    private static Map<String, Object> spec(AuditRecord record, String replica, String life) {
        Map<String, @Nullable Object> spec = new LinkedHashMap<>();
        spec.put("time", record.time().toString());
        spec.put("receipt", record.receipt());
        spec.put("issuer", record.issuer());
        spec.put("subject", record.subject());
        spec.put("claims", record.claims());
        spec.put("tokenFingerprint", record.tokenFingerprint());
        spec.put("jtiHash", record.jtiHash());
        spec.put("subjectExpires", text(record.subjectExpires()));
        spec.put("presentation", record.presentation());
        spec.put("replay", record.replay());
        spec.put("grant", record.grant());
        spec.put("target", record.target());
        spec.put("targetKind", record.targetKind());
        spec.put("scope", record.scope());
        spec.put("ttl", record.ttl() == null ? null : record.ttl().toSeconds());
        spec.put("senderConstraint", record.senderConstraint());
        spec.put("peer", record.peer());
        spec.put("userAgent", record.userAgent());
        spec.put("owner", record.owner());
        spec.put("session", record.session());
        spec.put("otherPeer", record.otherPeer() ? true : null);
        spec.put("replica", replica);
        spec.put("life", life);
        return written(spec);
    }

    private static Map<String, Object> written(Map<String, @Nullable Object> fields) {
        Map<String, Object> written = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (value != null) {
                written.put(name, value);
            }
        });
        return written;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static Map<String, Object> status(AuditRecord record, Status phase) {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("phase", word(phase));
        status.put("expires", text(record.expires()));
        status.put("detail", record.detail());
        status.put("durationMs", record.duration() == null ? null : record.duration().toMillis());
        return written(status);
    }

    static String word(Status phase) {
        String name = phase.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    /// A merge patch that says what became of it.
    static String became(AuditRecord record, Status phase) {
        return json(
                Map.of(
                        "metadata",
                        Map.of("labels", Map.of(ENDS, hour(ends(record)))),
                        "spec",
                        Map.of("time", record.time().toString()),
                        "status",
                        status(record, phase)));
    }

    static String became(Status phase) {
        return json(Map.of("status", Map.of("phase", word(phase))));
    }

    /// @param version of the object that was looked at
    static String revoked(String by, Instant at, String version) {
        return json(
                Map.of(
                        "metadata",
                        Map.of("resourceVersion", version),
                        "status",
                        Map.of(
                                "phase",
                                word(Status.REVOKED),
                                "revokedAt",
                                at.toString(),
                                "revokedBy",
                                by)));
    }

    static String json(Map<String, ?> tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values can be written", e);
        }
    }

    static JsonNode tree(GenericKubernetesResource object) {
        return JSON.valueToTree(object.getAdditionalProperties());
    }

    /// What an object says, as of now.
    ///
    /// @param uncertainBefore what was reserved before then and has no outcome is uncertain
    /// @return null when it is none that this version wrote
    static @Nullable IssuanceState read(
            GenericKubernetesResource object, Instant now, Instant uncertainBefore) {
        JsonNode tree = tree(object);
        JsonNode spec = tree.path("spec");
        JsonNode status = tree.path("status");
        try {
            Status phase = Status.valueOf(status.path("phase").asText().toUpperCase(Locale.ROOT));
            Instant time = Instant.parse(spec.path("time").asText());
            AuditRecord record = record(object, spec, status, phase, time);
            Instant revokedAt = instant(status.path("revokedAt"));
            if (object.isMarkedForDeletion() && phase != Status.FAILED) {
                phase = Status.REVOKED;
            }
            if (phase == Status.RESERVED && time.isBefore(uncertainBefore)) {
                phase = Status.UNCERTAIN;
            }
            if (phase.isOpen() && record.expires() != null && !now.isBefore(record.expires())) {
                phase = Status.EXPIRED;
            }
            return new IssuanceState(record, phase, revokedAt);
        } catch (DateTimeException | IllegalArgumentException e) {
            return null;
        }
    }

    private static AuditRecord record(
            GenericKubernetesResource object,
            JsonNode spec,
            JsonNode status,
            Status phase,
            Instant time) {
        Map<String, String> claims = new LinkedHashMap<>();
        spec.path("claims")
                .properties()
                .forEach(claim -> claims.put(claim.getKey(), claim.getValue().asText()));
        AuditRecord.Kind kind =
                switch (phase) {
                    case RESERVED -> AuditRecord.Kind.RESERVED;
                    case FAILED -> AuditRecord.Kind.FAILED;
                    case UNCERTAIN -> AuditRecord.Kind.UNCERTAIN;
                    case ISSUED, REVOKED, EXPIRED -> AuditRecord.Kind.ISSUED;
                };
        return AuditRecord.of(time, kind)
                .id(id(object.getMetadata().getName()))
                .receipt(text(spec, "receipt"))
                .detail(text(status, "detail"))
                .issuer(text(spec, "issuer"))
                .subject(text(spec, "subject"))
                .claims(claims)
                .tokenFingerprint(text(spec, "tokenFingerprint"))
                .jtiHash(text(spec, "jtiHash"))
                .subjectExpires(instant(spec.path("subjectExpires")))
                .presentation(text(spec, "presentation"))
                .replay(text(spec, "replay"))
                .grant(text(spec, "grant"))
                .target(text(spec, "target"))
                .targetKind(text(spec, "targetKind"))
                .scope(text(spec, "scope"))
                .ttl(spec.has("ttl") ? Duration.ofSeconds(spec.path("ttl").asLong()) : null)
                .expires(instant(status.path("expires")))
                .senderConstraint(text(spec, "senderConstraint"))
                .peer(text(spec, "peer"))
                .userAgent(text(spec, "userAgent"))
                .owner(text(spec, "owner"))
                .session(text(spec, "session"))
                .otherPeer(spec.path("otherPeer").asBoolean())
                .duration(
                        status.has("durationMs")
                                ? Duration.ofMillis(status.path("durationMs").asLong())
                                : null)
                .build();
    }

    private static String id(String name) {
        return PREFIX + name.substring(PREFIX.length()).toUpperCase(Locale.ROOT);
    }

    private static @Nullable String text(JsonNode fields, String name) {
        return fields.path(name).isTextual() ? fields.path(name).asText() : null;
    }

    private static @Nullable Instant instant(JsonNode field) {
        return field.isTextual() ? Instant.parse(field.asText()) : null;
    }
}
