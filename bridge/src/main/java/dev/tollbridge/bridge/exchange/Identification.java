package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.token.KeyBinding;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.SubjectToken;
import dev.tollbridge.bridge.token.VerifiedToken;
import dev.tollbridge.bridge.token.WorkloadIdentity;

/// From a request to who asks, and which keys they hold: parse, resolve, verify, identify, prove.
final class Identification {

    private final ExchangeSteps steps;

    Identification(ExchangeSteps steps) {
        this.steps = steps;
    }

    /// @param proof the keys this request proves to hold
    record Identified(WorkloadIdentity identity, SenderProof proof) {}

    /// @throws dev.tollbridge.bridge.refusal.Refusal of any reason up to stage `CLAIMS`, and
    ///   `proof_required` where the subject token is itself bound to a key (DESIGN 14, rule 11)
    Identified identify(ExchangeRequest request, Rules rules, Attempt attempt) {
        SubjectToken token = attempt.saw(steps.parser().parse(request.subjectToken()));
        TrustedIssuer issuer = rules.issuers().resolve(token.issuer(), token.audience());
        VerifiedToken verified = attempt.saw(steps.verifier().verify(token, issuer));
        WorkloadIdentity identity = attempt.saw(steps.identities().read(verified));
        SenderProof proof = proved(request.proof(), attempt);
        KeyBinding.enforce(verified, proof);
        return new Identified(identity, proof);
    }

    /// The keys that a request proves to hold. Takes the proof's one use.
    SenderProof proved(ExchangeRequest.Proof offered, Attempt attempt) {
        String thumbprint =
                steps.dpop()
                        .verify(
                                offered.dpop(),
                                offered.method(),
                                offered.url(),
                                attempt.time(),
                                null);
        return thumbprint == null && offered.certificateThumbprint() == null
                ? SenderProof.NONE
                : new SenderProof(thumbprint, offered.certificateThumbprint());
    }
}
