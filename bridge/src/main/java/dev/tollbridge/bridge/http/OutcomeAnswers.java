package dev.tollbridge.bridge.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollbridge.bridge.exchange.ExchangeOutcome;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Issued;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Refused;
import dev.tollbridge.bridge.exchange.JobSessions.Answered;
import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.session.SessionHandover;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// What came of an exchange, in the words of RFC 6749 section 5 and RFC 8693 section 2.2.
final class OutcomeAnswers {

    private static final int ABOUT_AN_ERROR = 256;
    private static final int ABOUT_A_TOKEN = 1536;

    private final Revocation revocation;
    private final BridgeMetrics metrics;

    OutcomeAnswers(Revocation revocation, BridgeMetrics metrics) {
        this.revocation = revocation;
        this.metrics = metrics;
    }

    /// How the request was made, as far as the words of an error depend on it.
    ///
    /// @param door as in metrics
    /// @param assertion whether the subject token came as an RFC 7523 assertion
    /// @param dpop whether there was a DPoP proof
    record Asked(String door, boolean assertion, boolean dpop) {}

    /// One target: the answer is the outcome.
    Answer one(ExchangeOutcome outcome, Asked asked, Duration took) {
        return one(outcome, null, asked, took);
    }

    /// One target, and a session with it.
    Answer one(Answered answered, Asked asked, Duration took) {
        return one(answered.outcomes().getFirst(), answered.session(), asked, took);
    }

    private Answer one(
            ExchangeOutcome outcome,
            @Nullable SessionHandover session,
            Asked asked,
            Duration took) {
        count(outcome, asked, took);
        return switch (outcome) {
            case Issued issued ->
                    Answer.json(
                            200,
                            Json.bytes(
                                    ABOUT_A_TOKEN,
                                    json -> {
                                        json.writeStartObject();
                                        members(json, issued);
                                        session(json, session);
                                        json.writeEndObject();
                                    }));
            case Refused refused -> refused(refused, asked);
        };
    }

    /// One target, to an AWS SDK at its container-credentials endpoint.
    Answer aws(ExchangeOutcome outcome, Duration took) {
        Asked asked = new Asked(AwsDoor.NAME, false, false);
        count(outcome, asked, took);
        return switch (outcome) {
            case Issued issued ->
                    Answer.json(200, ContainerCredentials.of(issued.credential().value()));
            case Refused refused -> refused(refused, asked);
        };
    }

    private static Answer refused(Refused refused, Asked asked) {
        return Answer.json(
                ErrorMapping.status(refused.reason()),
                Json.bytes(ABOUT_AN_ERROR, j -> write(j, refused, asked)),
                headers(refused));
    }

    /// Several targets: 200 when any succeeded, else what the first one's error says.
    Answer several(List<ExchangeOutcome> outcomes, Asked asked, Duration took) {
        return several(outcomes, null, asked, took);
    }

    /// Several targets, and a session with them.
    Answer several(Answered answered, Asked asked, Duration took) {
        return several(answered.outcomes(), answered.session(), asked, took);
    }

    private Answer several(
            List<ExchangeOutcome> outcomes,
            @Nullable SessionHandover session,
            Asked asked,
            Duration took) {
        Refused first = null;
        boolean issued = false;
        for (ExchangeOutcome outcome : outcomes) {
            count(outcome, asked, took);
            switch (outcome) {
                case Issued _ -> issued = true;
                case Refused refused -> first = first == null ? refused : first;
            }
        }
        byte[] body =
                Json.bytes(
                        ABOUT_A_TOKEN * Math.max(1, outcomes.size()),
                        json -> {
                            json.writeStartObject();
                            json.writeArrayFieldStart("results");
                            for (ExchangeOutcome outcome : outcomes) {
                                switch (outcome) {
                                    case Issued success -> write(json, success);
                                    case Refused refused -> write(json, refused, asked);
                                }
                            }
                            json.writeEndArray();
                            session(json, session);
                            json.writeEndObject();
                        });
        return issued || first == null
                ? Answer.json(200, body)
                : Answer.json(ErrorMapping.status(first.reason()), body, headers(first));
    }

    private static List<Answer.Header> headers(Refused refused) {
        List<Answer.Header> headers = new ArrayList<>(2);
        if (ErrorMapping.status(refused.reason()) == 503) {
            headers.add(
                    new Answer.Header(
                            "retry-after",
                            Long.toString(
                                    ErrorMapping.retryAfter(
                                            refused.reason(), refused.retryAfter()))));
        }
        String nonce = refused.dpopNonce();
        if (nonce != null) {
            headers.add(new Answer.Header("dpop-nonce", nonce));
        }
        return headers;
    }

    /// In seconds from the decision, which is the credential's `iat`: the number that was asked for
    /// or granted, not one less because the answer took a moment. `expires_at` is exact.
    private static long lifetime(Issued issued, Instant expires) {
        return Math.max(
                0,
                Duration.between(issued.decision().decidedAt(), expires)
                        .plusMillis(999)
                        .toSeconds());
    }

    /// What whoever has a session needs for the next request.
    private static void session(JsonGenerator json, @Nullable SessionHandover session)
            throws IOException {
        if (session == null) {
            return;
        }
        json.writeStringField("handle", session.handle().reveal());
        json.writeObjectFieldStart("session");
        json.writeStringField("id", session.id());
        json.writeStringField("expires_at", session.ends().toString());
        json.writeNumberField("heartbeat", session.heartbeat().toSeconds());
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Issued issued) throws IOException {
        json.writeStartObject();
        members(json, issued);
        json.writeEndObject();
    }

    private void members(JsonGenerator json, Issued issued) throws IOException {
        MintedCredential credential = issued.credential();
        Instant expires = credential.expiresAt();
        json.writeStringField("access_token", credential.value().reveal());
        json.writeStringField("issued_token_type", credential.issuedTokenType());
        json.writeStringField("token_type", credential.tokenType());
        json.writeNumberField("expires_in", lifetime(issued, expires));
        SortedSet<String> scope = issued.decision().scope();
        if (!scope.isEmpty()) {
            json.writeStringField("scope", String.join(" ", scope));
        }
        json.writeStringField("issuance", issued.issuance());
        json.writeStringField("expires_at", expires.toString());
        json.writeStringField(
                "revocation_handle",
                revocation
                        .handed(issued.issuance(), issued.decision().target(), credential)
                        .reveal());
        if (!credential.revocable()) {
            // The handle ends what the bridge knows; it cannot make the provider forget.
            json.writeBooleanField("revocable", false);
        }
    }

    private static void write(JsonGenerator json, Refused refused, Asked asked) throws IOException {
        RefusalReason told = ErrorMapping.told(refused.reason());
        String error =
                ErrorMapping.error(
                        told, asked.assertion(), asked.dpop(), refused.dpopNonce() != null);
        writeError(asked.door(), json, error, told.sentence(), told, refused.receipt());
    }

    private static void writeError(
            String door,
            JsonGenerator json,
            String error,
            String sentence,
            RefusalReason reason,
            String receipt)
            throws IOException {
        json.writeStartObject();
        if (door.equals(AwsDoor.NAME)) {
            // The two members that AWS SDKs show to whoever sits before them.
            json.writeStringField("code", reason.code());
            json.writeStringField("message", sentence + " (receipt " + receipt + ")");
        }
        json.writeStringField("error", error);
        json.writeStringField("error_description", sentence);
        json.writeStringField("reason", reason.code());
        json.writeStringField("receipt", receipt);
        json.writeEndObject();
    }

    /// A refusal that came before the exchange.
    ///
    /// @param sentence for the caller
    Answer early(
            String door,
            RefusalReason reason,
            int status,
            String sentence,
            String receipt,
            @Nullable Duration retryAfter,
            Duration took) {
        metrics.exchange(door, status == 503 ? "unavailable" : "refused", reason.code(), "", took);
        RefusalReason told = ErrorMapping.told(reason);
        byte[] body =
                Json.bytes(
                        ABOUT_AN_ERROR,
                        json ->
                                writeError(
                                        door,
                                        json,
                                        ErrorMapping.error(told, false, false, false),
                                        sentence,
                                        told,
                                        receipt));
        Answer answer = Answer.json(status, body);
        return status == 503
                ? answer.with(
                        new Answer.Header(
                                "retry-after",
                                Long.toString(ErrorMapping.retryAfter(reason, retryAfter))))
                : answer;
    }

    private void count(ExchangeOutcome outcome, Asked asked, Duration took) {
        switch (outcome) {
            case Issued issued ->
                    metrics.exchange(
                            asked.door(), "issued", "", issued.decision().target().kind(), took);
            case Refused refused ->
                    metrics.exchange(
                            asked.door(),
                            ErrorMapping.status(refused.reason()) == 503
                                    ? "unavailable"
                                    : "refused",
                            refused.reason().code(),
                            "",
                            took);
        }
    }
}
