package dev.tollbridge.bridge.token.keys;

import com.nimbusds.jose.CriticalHeaderParamsAware;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
import java.util.Set;

/// EdDSA with Ed25519 (RFC 8037, RFC 9864) by the platform: nimbus' own needs another library for
/// what the JDK has.
final class Ed25519SignatureVerifier implements JWSVerifier, CriticalHeaderParamsAware {

    private static final int SIGNATURE_BYTES = 64;

    private final JCAContext context = new JCAContext();
    private final EdECPublicKey key;

    Ed25519SignatureVerifier(EdECPublicKey key) {
        this.key = key;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature)
            throws JOSEException {
        Set<String> critical = header.getCriticalParams();
        if (critical != null && !critical.isEmpty()) {
            return false;
        }
        byte[] bytes = signature.decode();
        if (bytes.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Provider provider = context.getProvider();
            Signature verifier =
                    provider == null
                            ? Signature.getInstance("Ed25519")
                            : Signature.getInstance("Ed25519", provider);
            verifier.initVerify(key);
            verifier.update(signingInput);
            return verifier.verify(bytes);
        } catch (SignatureException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new JOSEException("Ed25519 failed", e);
        }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
    }

    @Override
    public JCAContext getJCAContext() {
        return context;
    }

    @Override
    public Set<String> getProcessedCriticalHeaderParams() {
        return Set.of();
    }

    @Override
    public Set<String> getDeferredCriticalHeaderParams() {
        return Set.of();
    }
}
