package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The replay guard: what each replay policy remembers of a token, and when it refuses.
final class TokenUses {

    private final UseTable table;
    private final Keys keys;
    private final InstantSource clock;

    TokenUses(UseTable table, Keys keys, InstantSource clock) {
        this.table = table;
        this.keys = keys;
        this.clock = clock;
    }

    /// @return whether the token was seen from another address before
    /// @throws Refusal `token_replayed`; `overloaded` when no more can be remembered
    boolean take(Issuance issuance) {
        return switch (issuance.replay()) {
            case SINGLE_USE -> takeOnce(issuance, keys.token(issuance.jtiHash()));
            case PER_TARGET -> {
                boolean other = seen(issuance);
                takeOnce(issuance, keys.token(issuance.jtiHash(), issuance.target()));
                yield other;
            }
            case RECORD -> seen(issuance);
            case OFF -> false;
        };
    }

    private boolean takeOnce(Issuance issuance, Keys.Wide key) {
        long now = clock.instant().getEpochSecond();
        int peer = Keys.peer(issuance.peer());
        boolean other = table.otherPeer(key.high(), key.low(), peer, now);
        UseTable.Taken taken =
                table.take(
                        key.high(),
                        key.low(),
                        Keys.narrow(issuance.presentation()),
                        issuance.replayUntil().getEpochSecond() + 1,
                        peer,
                        now);
        return switch (taken) {
            case NEW, SHARED -> other;
            case HELD ->
                    throw new Refusal(
                            RefusalReason.TOKEN_REPLAYED,
                            other
                                    ? "used before, from another address"
                                    : "used before, from the same address");
            case FULL -> throw full();
        };
    }

    /// Remembers the token's first address.
    private boolean seen(Issuance issuance) {
        long now = clock.instant().getEpochSecond();
        int peer = Keys.peer(issuance.peer());
        Keys.Wide key = Keys.fingerprint(issuance.tokenFingerprint());
        boolean other = table.otherPeer(key.high(), key.low(), peer, now);
        UseTable.Taken taken =
                table.take(
                        key.high(),
                        key.low(),
                        0,
                        issuance.replayUntil().getEpochSecond() + 1,
                        peer,
                        now);
        if (taken == UseTable.Taken.FULL) {
            throw full();
        }
        return other;
    }

    private static Refusal full() {
        return new Refusal(
                RefusalReason.OVERLOADED,
                "no more uses of tokens can be remembered",
                Duration.ofSeconds(10));
    }

    void giveBack(Issuance issuance) {
        Keys.Wide key =
                switch (issuance.replay()) {
                    case SINGLE_USE -> keys.token(issuance.jtiHash());
                    case PER_TARGET -> keys.token(issuance.jtiHash(), issuance.target());
                    case RECORD, OFF -> null;
                };
        if (key != null) {
            table.giveBack(
                    key.high(),
                    key.low(),
                    Keys.narrow(issuance.presentation()),
                    clock.instant().getEpochSecond());
        }
    }

    boolean otherPeer(String tokenFingerprint, @Nullable String jtiHash, String peer) {
        long now = clock.instant().getEpochSecond();
        int number = Keys.peer(peer);
        Keys.Wide token = Keys.fingerprint(tokenFingerprint);
        if (table.otherPeer(token.high(), token.low(), number, now)) {
            return true;
        }
        if (jtiHash == null) {
            return false;
        }
        Keys.Wide use = keys.token(jtiHash);
        return table.otherPeer(use.high(), use.low(), number, now);
    }
}
