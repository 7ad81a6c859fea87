package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.exchange.ExchangeOutcome.Issued;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.GivenToNobody;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.RevocableMinter;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a decision to a credential that may leave: reserve, mint, record.
///
/// What this class guarantees: nothing is minted that was not reserved, nothing leaves that was not
/// recorded, and a reservation always ends as issued, failed or uncertain, whatever is thrown.
final class Issuing {

    private static final Logger LOG = LoggerFactory.getLogger(Issuing.class);

    private final ExchangeSteps steps;
    private final Throttle throttle;
    private final Ledger ledger;

    Issuing(ExchangeSteps steps) {
        this.steps = steps;
        this.throttle = new Throttle(steps.limits(), steps.ticker());
        this.ledger = steps.ledger();
    }

    Issued issue(Attempt attempt, Decision decision) {
        CredentialMinter minter = steps.minters().minterFor(decision.target());
        throttle.admit(decision, minter.inProcess());
        String id = steps.ids().issuance(decision.decidedAt());
        Issuance issuance =
                attempt.issuance(id, decision, new SwitchedOff(decision, steps.rules()));
        Reservation reservation = ledger.reserve(issuance, !minter.inProcess());
        MintedCredential credential = mint(minter, decision, reservation, attempt);
        record(reservation, decision, credential, minter, attempt);
        return new Issued(id, decision, credential);
    }

    private void record(
            Reservation reservation,
            Decision decision,
            MintedCredential credential,
            CredentialMinter minter,
            Attempt attempt) {
        try {
            ledger.issued(
                    reservation, credential.expiresAt(), credential.knownAs(), attempt.took());
        } catch (Refusal unrecorded) {
            // The credential stays here and is forgotten. The line may still reach the disk, so the
            // record says, if it can, that nobody was given anything.
            ledger.failed(
                    reservation,
                    unrecorded.reason(),
                    "minted, not recorded in time, not given to anybody",
                    minter.inProcess(),
                    attempt.took());
            end(minter, decision, reservation, credential);
            throw unrecorded;
        }
    }

    /// Ends what nobody was given, where its provider can. In the background: whoever asked has
    /// waited for the record already, and the reservation counts as used either way.
    private void end(
            CredentialMinter minter,
            Decision decision,
            Reservation reservation,
            MintedCredential credential) {
        if (!(minter instanceof RevocableMinter revocable)) {
            return;
        }
        String id = reservation.issuance().id();
        try {
            steps.threads()
                    .execute(() ->
                            GivenToNobody.end(
                                    id,
                                    () ->
                                            revocable.revoke(
                                                    decision.target(), id, credential.endedBy())));
        } catch (RejectedExecutionException _) {
            LOG.warn("{}: minted, given to nobody, and not ended: the bridge is stopping", id);
        }
    }

    private MintedCredential mint(
            CredentialMinter minter, Decision decision, Reservation reservation, Attempt attempt) {
        try {
            return minter.mint(decision, reservation.issuance().id());
        } catch (MintFailure failure) {
            ledger.failed(
                    reservation,
                    failure.reason(),
                    failure.detail(),
                    failure.certain(),
                    attempt.took());
            throw new Refusal(failure.reason(), failure.detail(), failure.retryAfter());
        } catch (Refusal refusal) {
            // A claim that a template needs is missing: nothing was asked of any provider.
            ledger.failed(reservation, refusal.reason(), refusal.detail(), true, attempt.took());
            throw refusal;
        } catch (RuntimeException | Error unexpected) {
            // In this process nothing can have left; elsewhere a credential may exist that nobody
            // knows of.
            String detail = "unexpected " + unexpected.getClass().getSimpleName();
            ledger.failed(
                    reservation,
                    RefusalReason.INTERNAL,
                    detail,
                    minter.inProcess(),
                    attempt.took());
            throw unexpected instanceof RuntimeException known
                    ? known
                    : new IllegalStateException("the minter failed", unexpected);
        }
    }
}
