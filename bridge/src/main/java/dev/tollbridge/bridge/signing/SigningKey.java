package dev.tollbridge.bridge.signing;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One signing key as it stands in the keyring.
///
/// @param endedAt when it was retired or revoked
/// @param privateKey null once it has ended
record SigningKey(
        String kid,
        SigningAlgorithm algorithm,
        KeyState state,
        Instant createdAt,
        @Nullable Instant activatedAt,
        @Nullable Instant endedAt,
        PublicKey publicKey,
        @Nullable PrivateKey privateKey) {

    SigningKey activated(Instant at) {
        return new SigningKey(
                kid, algorithm, KeyState.ACTIVE, createdAt, at, null, publicKey, privateKey);
    }

    /// Drops the private part: what has ended can sign no more, whoever reads the file later.
    SigningKey ended(KeyState state, Instant at) {
        return new SigningKey(kid, algorithm, state, createdAt, activatedAt, at, publicKey, null);
    }

    KeyInfo info(OwnIssuer issuer, KeyringSettings settings) {
        return new KeyInfo(
                kid,
                issuer,
                algorithm,
                state,
                createdAt,
                activatedAt,
                endedAt,
                endedAt == null ? null : endedAt.plus(settings.keptAfterEnd()));
    }

    /// Some providers' private keys print themselves.
    @Override
    public String toString() {
        return "SigningKey[" + kid + " " + algorithm.joseName() + " " + state.code() + "]";
    }
}
