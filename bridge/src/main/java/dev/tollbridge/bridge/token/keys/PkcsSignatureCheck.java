package dev.tollbridge.bridge.token.keys;

import dev.tollbridge.bridge.token.SignatureCheck;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.concurrent.ArrayBlockingQueue;

/// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2) by the platform, which is what nearly every issuer
/// signs with.
///
/// The platform's signatures rather than the JOSE library's verifier, because that one looks the
/// algorithm up, converts the key and encodes and decodes the signature for every token. A pool and
/// not a thread-local: every exchange runs on a virtual thread of its own.
final class PkcsSignatureCheck implements SignatureCheck {

    /// As many as ever verify at once on a large machine; more than that are made and dropped.
    private static final int IDLE_SIGNATURES = 64;

    private final RSAPublicKey key;
    private final String name;
    private final ArrayBlockingQueue<Signature> idle = new ArrayBlockingQueue<>(IDLE_SIGNATURES);

    /// @param name as the platform has it, such as `SHA256withRSA`
    PkcsSignatureCheck(RSAPublicKey key, String name) {
        this.key = key;
        this.name = name;
    }

    @Override
    public boolean holds(byte[] signingInput, byte[] signature) throws GeneralSecurityException {
        Signature verifier = idle.poll();
        if (verifier == null) {
            verifier = Signature.getInstance(name);
            verifier.initVerify(key);
        }
        verifier.update(signingInput);
        boolean holds = verifier.verify(signature);
        // Only what has just worked goes back: after an exception its state is unknown.
        idle.offer(verifier);
        return holds;
    }
}
