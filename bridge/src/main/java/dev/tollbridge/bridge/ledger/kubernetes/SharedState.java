package dev.tollbridge.bridge.ledger.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.SwitchedOff;
import dev.tollbridge.bridge.ledger.kubernetes.LedgerObjects.Sort;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What all replicas know of the ledger as a whole, in the one object `ledger`: what is switched
/// off, and since when it remembers.
///
/// Looked at every two seconds. The object's own number and the API server's revision tell when the
/// store was emptied, replaced or put back: subject tokens issued before that moment are refused
/// from then on (DESIGN 14, rule 4).
final class SharedState {

    static final Duration EVERY = Duration.ofSeconds(2);

    /// How old the last look may be before nothing is reserved any more.
    static final Duration WITHIN = Duration.ofSeconds(10);

    private static final String NAME = "ledger";
    private static final Logger LOG = LoggerFactory.getLogger(SharedState.class);

    private final LedgerObjects objects;
    private final InstantSource clock;
    private volatile SwitchedOff ours = SwitchedOff.parse(null);
    private volatile boolean told = true;
    private volatile View view = new View("", 0, null, SwitchedOff.parse(null));
    private volatile long lookedAt = System.nanoTime() - WITHIN.toNanos() - 1;

    /// @param revision of the whole store; grows with every write
    private record View(
            String id, long revision, @Nullable Instant floor, SwitchedOff switchedOff) {}

    SharedState(LedgerObjects objects, InstantSource clock) {
        this.objects = objects;
        this.clock = clock;
    }

    /// @throws Refusal when the API server does not answer
    void open() {
        look();
        ours = view.switchedOff();
    }

    /// @throws Refusal when the API server does not answer
    synchronized void look() {
        GenericKubernetesResourceList list = objects.list(Sort.STATE, 10, null);
        GenericKubernetesResource found =
                list.getItems().stream()
                        .filter(one -> one.getMetadata().getName().equals(NAME))
                        .findFirst()
                        .orElse(null);
        long revision = revision(list);
        View before = view;
        if (found == null) {
            begin(before.id().isEmpty() ? null : "its state is gone");
            return;
        }
        JsonNode spec = IssuanceObject.tree(found).path("spec");
        View now =
                new View(
                        spec.path("id").asText(),
                        revision,
                        instant(spec.path("floor")),
                        SwitchedOff.parse(spec.path("switchedOff").asText()));
        boolean known = !before.id().isEmpty();
        if (known && (!now.id().equals(before.id()) || revision < before.revision())) {
            lost(now, "the store was replaced or put back");
            return;
        }
        view = now;
        if (!told) {
            tell();
        }
        lookedAt = System.nanoTime();
    }

    private static long revision(GenericKubernetesResourceList list) {
        try {
            return Long.parseLong(list.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static @Nullable Instant instant(JsonNode field) {
        try {
            return field.isTextual() ? Instant.parse(field.asText()) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /// @param lost why something is missing; null: nothing is, this is the first start
    private void begin(@Nullable String lost) {
        Instant floor = lost == null ? null : clock.instant();
        if (lost == null && anythingThere()) {
            floor = clock.instant();
            lost = "there are uses of tokens and no state";
        }
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        GenericKubernetesResource state = new GenericKubernetesResource();
        state.setMetadata(new ObjectMetaBuilder().withName(NAME).build());
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("id", "lgr_" + HexFormat.of().formatHex(random));
        spec.put("since", clock.instant().toString());
        spec.put("switchedOff", ours.text());
        if (floor != null) {
            spec.put("floor", floor.toString());
            LOG.error(
                    "the ledger lost its memory ({}): subject tokens issued before {} are refused",
                    lost,
                    floor);
        }
        state.setAdditionalProperty("spec", spec);
        objects.create(Sort.STATE, state);
        GenericKubernetesResource there = objects.get(Sort.STATE, NAME);
        if (there == null) {
            throw new Refusal(
                    RefusalReason.LEDGER_UNAVAILABLE, "the ledger's state is changing", EVERY);
        }
        JsonNode written = IssuanceObject.tree(there).path("spec");
        Instant theirs = instant(written.path("floor"));
        view =
                new View(
                        written.path("id").asText(),
                        0,
                        later(floor, theirs),
                        SwitchedOff.parse(written.path("switchedOff").asText()));
        lookedAt = System.nanoTime();
    }

    private boolean anythingThere() {
        return !objects.list(Sort.TOKEN_USE, 1, null).getItems().isEmpty();
    }

    private void lost(View now, String why) {
        Instant floor = clock.instant();
        LOG.error(
                "the ledger lost its memory ({}): subject tokens issued before {} are refused",
                why,
                floor);
        // In memory first: nothing from before is accepted here, whatever becomes of the write.
        view = new View(now.id(), now.revision(), floor, now.switchedOff());
        objects.merge(
                Sort.STATE,
                NAME,
                IssuanceObject.json(Map.of("spec", Map.of("floor", floor.toString()))));
        lookedAt = System.nanoTime();
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        return a == null ? b : b == null ? a : a.isAfter(b) ? a : b;
    }

    /// Whether the last look was not too long ago.
    boolean fresh() {
        return System.nanoTime() - lookedAt < WITHIN.toNanos();
    }

    /// @throws Refusal what a kill switch says, or `token_too_old`
    void refuse(Issuance issuance) {
        View now = view;
        ours.refuse(issuance);
        now.switchedOff().refuse(issuance);
        if (now.floor() != null && issuance.subjectIssuedAt().isBefore(now.floor())) {
            throw new Refusal(
                    RefusalReason.TOKEN_TOO_OLD,
                    "the ledger lost its memory at "
                            + now.floor()
                            + ", after this token was issued");
        }
    }

    /// In force here at once; on other replicas with their next look.
    ///
    /// @throws Refusal when it could not be told; it is tried again
    synchronized void switchOff(SwitchedOff next) {
        ours = next;
        View now = view;
        view = new View(now.id(), now.revision(), now.floor(), next);
        if (!now.switchedOff().text().equals(next.text()) || !told) {
            told = false;
            tell();
        }
    }

    private void tell() {
        objects.merge(
                Sort.STATE,
                NAME,
                IssuanceObject.json(Map.of("spec", Map.of("switchedOff", ours.text()))));
        told = true;
    }
}
