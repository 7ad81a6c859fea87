package dev.tollbridge.bridge.token.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.util.Set;

/// One key, one algorithm, enforced where the key is used (RFC 8725 section 3.1): nimbus' verifiers
/// take any algorithm of the key's family.
final class OneAlgorithmVerifier implements JWSVerifier {

    private final JWSVerifier any;
    private final String algorithm;

    OneAlgorithmVerifier(JWSVerifier any, String algorithm) {
        this.any = any;
        this.algorithm = algorithm;
    }

    @Override
    public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature)
            throws JOSEException {
        return header.getAlgorithm().getName().equals(algorithm)
                && any.verify(header, signingInput, signature);
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(JWSAlgorithm.parse(algorithm));
    }

    @Override
    public JCAContext getJCAContext() {
        return any.getJCAContext();
    }
}
