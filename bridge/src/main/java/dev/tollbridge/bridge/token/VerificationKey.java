package dev.tollbridge.bridge.token;

import com.nimbusds.jose.JWSVerifier;
import org.jspecify.annotations.Nullable;

/// An issuer's public key that passed admission: strong enough, for signatures, for one algorithm.
///
/// @param verifier bound to the key; usable by many threads at once
public record VerificationKey(@Nullable String keyId, String algorithm, JWSVerifier verifier) {}
