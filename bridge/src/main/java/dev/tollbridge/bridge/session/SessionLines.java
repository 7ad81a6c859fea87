package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.RecordDraft;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.JsonTree;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.session.SessionState.Ended;
import dev.tollbridge.bridge.signing.HandleKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Between sessions and lines of the record: `kind` is `session`, `detail` says it to people, and
/// `state` holds what a restarted bridge has to know. The claims are sealed for the session, so
/// that whoever reads the record learns of them what every other line says.
final class SessionLines {

    private final HandleKey key;

    SessionLines(HandleKey key) {
        this.key = key;
    }

    AuditRecord opened(Opening opening) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("event", "opened");
        state.put("key", opening.key());
        state.put("given", OpeningTree.given(opening));
        state.put(
                "kept",
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(key.seal(opening.id(), opening.kept())));
        return line(opening, opening.opened(), state)
                .grant(opening.given().getFirst().grant())
                .owner(opening.given().getFirst().owner())
                .peer(opening.peer())
                .userAgent(opening.userAgent())
                .detail(
                        "opened for "
                                + String.join(
                                        ", ",
                                        opening.given().stream()
                                                .map(Opening.Given::target)
                                                .toList())
                                + ", until "
                                + opening.ends()
                                + " at the latest")
                .build();
    }

    /// @param used number of the handle that was used
    /// @param next number of the one that is given
    /// @param attempt digest of what the request calls itself
    /// @param otherPeer whether it came from another address than the opening
    AuditRecord turned(
            Opening opening,
            Instant now,
            int used,
            int next,
            @Nullable String attempt,
            String peer,
            boolean otherPeer) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("event", "turned");
        state.put("used", (long) used);
        state.put("next", (long) next);
        if (attempt != null) {
            state.put("attempt", attempt);
        }
        return line(opening, now, state)
                .peer(peer)
                .otherPeer(otherPeer)
                .detail(
                        "handle "
                                + used
                                + " was used, handle "
                                + next
                                + " given"
                                + (next == used + 1 ? "" : "; the answer before had been lost"))
                .build();
    }

    AuditRecord ended(Opening opening, Instant now, SessionEnd why, String by, int revoked) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("event", "ended");
        state.put("why", why.code());
        return line(opening, now, state)
                .reason(why.code())
                .detail("ended: " + by + (revoked == 0 ? "" : "; revoked with it: " + revoked))
                .build();
    }

    private static RecordDraft line(
            Opening opening, Instant now, Map<String, @Nullable Object> state) {
        return AuditRecord.of(now, AuditRecord.Kind.SESSION)
                .id(opening.id())
                .issuer(opening.issuer())
                .subject(opening.subject())
                .claims(opening.claims())
                .tokenFingerprint(opening.tokenFingerprint())
                .jtiHash(opening.jtiHash())
                .senderConstraint("dpop")
                .expires(opening.ends())
                .session(opening.id())
                .state(new String(JsonTree.bytes(state), StandardCharsets.UTF_8));
    }

    /// The sessions that lines are about, ended ones too, by id.
    ///
    /// @param lines in the order of the record
    Map<String, SessionState> replay(List<AuditRecord> lines) {
        Map<String, SessionState> sessions = new HashMap<>();
        for (AuditRecord line : lines) {
            if (line.kind() == AuditRecord.Kind.SESSION) {
                replay(line, sessions);
            }
        }
        // What the first answer gave was recorded before the session was.
        for (AuditRecord line : lines) {
            SessionState session = line.session() == null ? null : sessions.get(line.session());
            String issuance = line.id();
            Instant expires = line.expires();
            if (line.kind() == AuditRecord.Kind.ISSUED
                    && session != null
                    && issuance != null
                    && expires != null) {
                Map<String, Instant> issued = Map.of(issuance, expires);
                // In which answer is not known any more: in none that could be asked for again.
                sessions.put(session.opening().id(), session.gave(0, issued));
            }
        }
        return sessions;
    }

    private void replay(AuditRecord line, Map<String, SessionState> sessions) {
        String id = line.session();
        if (id == null) {
            return;
        }
        Claims state = state(line);
        if (state == null) {
            return;
        }
        SessionState session = sessions.get(id);
        switch (state.string("event")) {
            case "opened" -> {
                Opening opening = opening(line, state);
                if (opening != null) {
                    sessions.put(id, SessionState.opened(opening, Map.of()));
                }
            }
            case "turned" -> {
                Long used = state.integer("used");
                Long next = state.integer("next");
                if (session != null && used != null && next != null) {
                    sessions.put(
                            id,
                            session.turn(
                                    used.intValue(),
                                    next.intValue(),
                                    state.string("attempt"),
                                    line.time()));
                }
            }
            case "ended" -> {
                String why = state.string("why");
                SessionEnd end = why == null ? null : SessionEnd.of(why);
                if (session != null) {
                    SessionEnd known = end == null ? SessionEnd.OPERATOR : end;
                    sessions.put(id, session.end(new Ended(known, "", line.time())));
                }
            }
            case null, default -> {}
        }
    }

    private static @Nullable Claims state(AuditRecord line) {
        String text = line.state();
        if (text == null) {
            return null;
        }
        try {
            return StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
        } catch (StrictJson.Malformed e) {
            return null;
        }
    }

    private @Nullable Opening opening(AuditRecord line, Claims state) {
        String keyThumbprint = state.string("key");
        String sealed = state.string("kept");
        byte[] kept =
                sealed == null
                        ? null
                        : key.open(
                                String.valueOf(line.id()), Base64.getUrlDecoder().decode(sealed));
        List<Opening.Given> given = OpeningTree.given(state);
        if (line.id() == null
                || line.expires() == null
                || line.issuer() == null
                || line.subject() == null
                || line.tokenFingerprint() == null
                || line.jtiHash() == null
                || keyThumbprint == null
                || kept == null
                || given.isEmpty()) {
            // Of a key that is gone, or of another version: it is as if it had ended.
            return null;
        }
        return new Opening(
                line.id(),
                line.time(),
                line.expires(),
                line.issuer(),
                line.subject(),
                line.claims(),
                line.tokenFingerprint(),
                line.jtiHash(),
                keyThumbprint,
                kept,
                given,
                line.peer() == null ? "" : line.peer(),
                line.userAgent());
    }
}
