package dev.tollbridge.bench.parts;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import dev.tollbridge.bench.Workload;
import dev.tollbridge.bridge.config.ConfigDirectory;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.jwt.JwtMinter;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.rules.RulesCompiler;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.IdentityReader;
import dev.tollbridge.bridge.token.SenderProof;
import dev.tollbridge.bridge.token.SubjectToken;
import dev.tollbridge.bridge.token.TokenParser;
import dev.tollbridge.bridge.token.TokenVerifier;
import dev.tollbridge.bridge.token.VerificationKey;
import dev.tollbridge.bridge.token.VerifiedToken;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The steps of an exchange that are arithmetic and memory only, each on what the step before
/// gives.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class ExchangeParts {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String KEY = "bench";

    /// Grants of the configuration.
    @Param({"10", "100000"})
    public int grants;

    private final TokenParser parser = new TokenParser();
    private final IdentityReader identities = new IdentityReader();
    private Path folder;
    private Keyring keyring;
    private JwtMinter minter;
    private TokenVerifier verifier;
    private Rules rules;
    private TrustedIssuer issuer;
    private TargetRequest request;
    private Instant now;
    private Secret text;
    private SubjectToken parsed;
    private VerifiedToken verified;
    private WorkloadIdentity identity;
    private Decision decision;

    /// Filled in by {@link #prepare}, which JMH calls first.
    @SuppressWarnings("NullAway.Init")
    public ExchangeParts() {}

    @Setup
    public void prepare() throws IOException, GeneralSecurityException {
        CryptoProvider.install();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        now = Instant.now();
        text = Secret.of(token(pair, now.getEpochSecond()));

        InstantSource clock = InstantSource.system();
        folder = Files.createTempDirectory("tollbridge-parts");
        Path config = Files.createDirectory(folder.resolve("config"));
        Workload.writeDocuments(config, jwks(key), "12h", grants);
        rules =
                new RulesCompiler(
                                PresetCatalogue.shipped(), "https://bridge.example", config, clock)
                        .compile(new ConfigDirectory(clock).load(config))
                        .rules();
        VerificationKey trusted = VerificationKey.ofLibrary(KEY, "RS256", new RSASSAVerifier(key));
        verifier = new TokenVerifier((_, _, _) -> trusted, (_, _) -> {}, clock);
        keyring = Keyring.open(folder.resolve("data"), KeyringSettings.DEFAULT, clock);
        minter = new JwtMinter(keyring.signer(OwnIssuer.BRIDGE), "https://bridge.example");
        request = TargetRequest.named(Workload.TARGET);

        parsed = parse();
        issuer = rules.issuers().resolve(parsed.issuer(), parsed.audience());
        verified = verify();
        identity = identify();
        decision = decide();
    }

    private static String token(KeyPair pair, long issued) throws GeneralSecurityException {
        String input =
                base64("{\"alg\":\"RS256\",\"kid\":\"" + KEY + "\",\"typ\":\"JWT\"}")
                        + "."
                        + base64(Workload.claims(1, issued, issued + 3600));
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(pair.getPrivate());
        signer.update(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + BASE64.encodeToString(signer.sign());
    }

    private static String jwks(RSAPublicKey key) {
        byte[] modulus = key.getModulus().toByteArray();
        return "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"AQAB\"}]}"
                .formatted(
                        KEY,
                        BASE64.encodeToString(
                                Arrays.copyOfRange(modulus, modulus.length - 256, modulus.length)));
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @TearDown
    public void close() throws IOException {
        keyring.close();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public SubjectToken parse() {
        return parser.parse(text);
    }

    @Benchmark
    public VerifiedToken verify() {
        return verifier.verify(parsed, issuer);
    }

    @Benchmark
    public WorkloadIdentity identify() {
        return identities.read(verified);
    }

    /// Index, match and CEL condition.
    @Benchmark
    public Decision decide() {
        return rules.policy().decide(identity, request, SenderProof.NONE, true, now);
    }

    @Benchmark
    public MintedCredential mint() throws MintFailure {
        return minter.mint(decision, "iss_01M7Z149RW4WVTZ8AT948A9RG2");
    }
}
