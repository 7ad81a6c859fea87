package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.exchange.JobSessions;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.lifecycle.Revoked;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What `/admin/v1` answers, for operators only.
final class AdminDoors {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;
    private static final String SESSION = "ses_";

    private final Ledger ledger;
    private final Revocation revocation;
    private final JobSessions sessions;

    AdminDoors(Ledger ledger, Revocation revocation, JobSessions sessions) {
        this.ledger = ledger;
        this.revocation = revocation;
        this.sessions = sessions;
    }

    /// `GET /admin/v1/issuances?subject=&target=&since=&limit=`, newest first.
    Answer issuances(Call call, String operator) throws BadRequest {
        String query = call.query();
        StrictForm form =
                StrictForm.parse(
                        (query == null ? "" : query).getBytes(StandardCharsets.ISO_8859_1));
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        for (IssuanceState state :
                ledger.list(
                        new Ledger.Query(
                                form.one("subject"),
                                form.one("target"),
                                since(form.one("since")),
                                limit(form.one("limit"))))) {
            found.add(tree(state));
        }
        return list("issuances", found);
    }

    private static @Nullable Instant since(@Nullable String text) throws BadRequest {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw BadRequest.malformed("since has to be a time such as 2026-11-21T10:00:00Z.");
        }
    }

    private static int limit(@Nullable String text) throws BadRequest {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw BadRequest.malformed("limit has to be a number from 1 to 1000.");
    }

    /// `GET /admin/v1/issuances/{id}`.
    Answer issuance(String id) {
        Optional<IssuanceState> state = ledger.find(id);
        return state.isPresent() ? Answer.json(200, Json.tree(tree(state.get()))) : none();
    }

    private Map<String, @Nullable Object> tree(IssuanceState state) {
        Map<String, @Nullable Object> tree = RecordTree.of(state);
        tree.put("revocable", revocation.revocable(state.record()));
        return tree;
    }

    /// `POST /admin/v1/issuances/{id}/revoke`: the same way as for whoever holds the handle. By the
    /// id of a job session, the session and all it was given.
    Answer revoke(String id, String operator) {
        if (id.startsWith(SESSION)) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("session", id);
            tree.put("revoked", sessions.endSession(id, operator));
            tree.put("status", "ended");
            return Answer.json(200, Json.tree(tree));
        }
        if (ledger.find(id).isEmpty()) {
            return none();
        }
        Revoked revoked = revocation.revokeIssuance(id, operator);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("issuance", id);
        tree.put("revoked", revoked.now());
        ledger.find(id)
                .ifPresent(state ->
                        tree.put("status", state.status().name().toLowerCase(Locale.ROOT)));
        if (revoked.issuance() != null) {
            tree.put("provider", revoked.provider().code());
            Instant ends = revoked.ends();
            tree.put("expires", ends == null ? null : ends.toString());
        }
        return Answer.json(200, Json.tree(tree));
    }

    /// `GET /admin/v1/receipts/{id}`: all that is known about a refusal, or an issuance.
    Answer receipt(String id) {
        Optional<AuditRecord> record = ledger.receipt(id);
        return record.isPresent()
                ? Answer.json(200, Json.tree(RecordTree.of(record.get())))
                : none();
    }

    static Answer list(String name, List<Map<String, @Nullable Object>> elements) {
        return Answer.json(200, Json.tree(Map.of(name, elements)));
    }

    private static Answer none() {
        return Answer.json(
                404,
                Json.tree(
                        Map.of(
                                "error",
                                "not_found",
                                "error_description",
                                "There is nothing by this id.")));
    }
}
