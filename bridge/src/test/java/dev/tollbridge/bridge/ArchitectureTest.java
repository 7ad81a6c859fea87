package dev.tollbridge.bridge;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.token.SubjectToken;
import dev.tollbridge.bridge.token.VerifiedToken;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The arrows between the packages, as `docs/architecture.md` draws them. Each rule says why.
@AnalyzeClasses(
        packages = "dev.tollbridge.bridge",
        importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {

    static final class MainClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    private static final String ROOT = "dev.tollbridge.bridge.";

    /// Each package and the packages of ours that it may know. Not here: the root, `serve`, `cli`
    /// and `demo`, which put things together.
    private static final Map<String, Set<String>> MAY_KNOW =
            Map.ofEntries(
                    // What everybody may use knows nobody.
                    Map.entry("secret", Set.of()),
                    Map.entry("refusal", Set.of()),
                    Map.entry("config", Set.of()),
                    Map.entry("metrics", Set.of()),
                    Map.entry("shipped", Set.of()),
                    Map.entry("files", Set.of()),
                    Map.entry("claims", Set.of("refusal")),
                    Map.entry("operator", Set.of("secret")),
                    Map.entry("tls", Set.of("secret")),
                    Map.entry("fetch", Set.of("secret")),
                    // What is believed, what there is, and who may have it.
                    Map.entry("issuer", Set.of("config", "refusal", "shipped")),
                    Map.entry("target", Set.of("claims", "config", "refusal", "shipped")),
                    Map.entry("token", Set.of("claims", "config", "issuer", "refusal", "secret")),
                    Map.entry(
                            "token.keys",
                            Set.of(
                                    "claims", "config", "fetch", "files", "issuer", "refusal",
                                    "secret", "token")),
                    Map.entry(
                            "policy",
                            Set.of("claims", "config", "issuer", "refusal", "target", "token")),
                    Map.entry(
                            "rules",
                            Set.of(
                                    "config",
                                    "issuer",
                                    "policy",
                                    "refusal",
                                    "target",
                                    "token",
                                    "token.keys")),
                    // What is issued, and what is known of it.
                    Map.entry("audit", Set.of("refusal")),
                    Map.entry("ledger", Set.of("audit", "config", "refusal")),
                    Map.entry(
                            "ledger.file",
                            Set.of("audit", "claims", "config", "files", "ledger", "refusal")),
                    Map.entry(
                            "ledger.kubernetes",
                            Set.of(
                                    "audit",
                                    "cluster",
                                    "config",
                                    "ledger",
                                    "ledger.file",
                                    "refusal",
                                    "session",
                                    "signing")),
                    Map.entry("signing", Set.of("claims", "files", "secret")),
                    Map.entry("signing.kubernetes", Set.of("cluster", "signing")),
                    Map.entry("mint", Set.of("policy", "refusal", "secret", "target")),
                    Map.entry(
                            "mint.federation",
                            Set.of(
                                    "claims", "mint", "policy", "refusal", "secret", "signing",
                                    "target")),
                    Map.entry(
                            "mint.azure",
                            Set.of(
                                    "claims",
                                    "config",
                                    "fetch",
                                    "mint",
                                    "mint.federation",
                                    "mint.provider",
                                    "policy",
                                    "refusal",
                                    "secret",
                                    "signing",
                                    "target")),
                    Map.entry(
                            "mint.github",
                            Set.of(
                                    "claims",
                                    "config",
                                    "fetch",
                                    "mint",
                                    "mint.provider",
                                    "policy",
                                    "refusal",
                                    "secret",
                                    "target")),
                    Map.entry(
                            "mint.oauth",
                            Set.of(
                                    "claims",
                                    "config",
                                    "fetch",
                                    "mint",
                                    "mint.federation",
                                    "mint.provider",
                                    "policy",
                                    "refusal",
                                    "secret",
                                    "signing",
                                    "target")),
                    Map.entry(
                            "mint.aws",
                            Set.of(
                                    "claims",
                                    "config",
                                    "fetch",
                                    "mint",
                                    "mint.federation",
                                    "policy",
                                    "refusal",
                                    "secret",
                                    "signing",
                                    "target",
                                    "token")),
                    Map.entry(
                            "mint.google",
                            Set.of(
                                    "claims",
                                    "config",
                                    "fetch",
                                    "mint",
                                    "mint.federation",
                                    "mint.provider",
                                    "policy",
                                    "refusal",
                                    "secret",
                                    "signing",
                                    "target")),
                    Map.entry(
                            "mint.provider",
                            Set.of("claims", "fetch", "mint", "refusal", "secret")),
                    Map.entry(
                            "mint.jwt",
                            Set.of(
                                    "claims", "config", "mint", "policy", "refusal", "secret",
                                    "signing", "target", "token")),
                    Map.entry(
                            "mint.kubernetes",
                            Set.of(
                                    "claims", "cluster", "config", "mint", "policy", "secret",
                                    "target", "token")),
                    Map.entry(
                            "lifecycle",
                            Set.of(
                                    "audit", "claims", "ledger", "mint", "refusal", "secret",
                                    "signing", "target")),
                    Map.entry("resource", Set.of("cluster", "config", "files", "secret")),
                    Map.entry("session", Set.of("audit", "claims", "refusal", "secret", "signing")),
                    Map.entry(
                            "cluster",
                            Set.of("config", "issuer", "operator", "refusal", "secret", "token")),

                    // The pipeline, and the doors before it.
                    Map.entry(
                            "exchange",
                            Set.of(
                                    "audit", "claims", "config", "issuer", "ledger", "mint",
                                    "policy", "refusal", "rules", "secret", "session", "target",
                                    "token")),
                    Map.entry(
                            "http",
                            Set.of(
                                    "audit",
                                    "claims",
                                    "exchange",
                                    "files",
                                    "ledger",
                                    "lifecycle",
                                    "metrics",
                                    "mint",
                                    "operator",
                                    "policy",
                                    "refusal",
                                    "secret",
                                    "session",
                                    "target")),
                    Map.entry(
                            "setup",
                            Set.of("config", "mint.aws", "mint.federation", "signing", "target")),
                    Map.entry("outlet", Set.of("audit", "claims", "fetch", "files", "secret")),
                    Map.entry("client", Set.of("secret")),
                    // What the webhook goes by, from documents.
                    Map.entry("admission", Set.of("config")));

    /// Where a secret's text is taken out, and why it has to be.
    private static final Map<String, String> REVEALS =
            Map.ofEntries(
                    Map.entry("token.TokenParser", "a subject token is read here and nowhere else"),
                    Map.entry("http.OutcomeAnswers", "what was issued leaves in the answer"),
                    Map.entry("http.ContainerCredentials", "what was issued leaves in the answer"),
                    Map.entry(
                            "mint.aws.AwsCredentialsJson", "what STS gave becomes the credential"),
                    Map.entry("mint.aws.AwsStsMinter", "the header of our own token names its key"),
                    Map.entry("mint.aws.SdkSts", "STS is shown our own token"),
                    Map.entry("lifecycle.OwnTokens", "a credential of ours is shown to us"),
                    Map.entry("lifecycle.RevocationHandles", "a handle of ours is shown to us"),
                    Map.entry("session.SessionHandles", "a handle of ours is shown to us"),
                    Map.entry("cluster.TokenReviews", "the API server judges the token"),
                    Map.entry("cluster.OperatorBearer", "what is ours is told from what is not"),
                    Map.entry("lifecycle.HeldCredentials", "a credential's keyed fingerprint"),
                    Map.entry(
                            "mint.google.SecurityTokenService",
                            "what a token is exchanged for goes to Google's STS"),
                    Map.entry(
                            "mint.google.IamCredentials",
                            "the federated token goes to Google's IAM Credentials"),
                    Map.entry(
                            "mint.kubernetes.KubernetesMinter", "which Secret a token is bound to"),
                    Map.entry("fetch.GuardedFetcher", "the bearer for an API server's key set"),
                    Map.entry("mint.github.PemRsaKey", "an App's private key is read here"),
                    Map.entry("mint.provider.Form", "a proof goes to the provider it is for"),
                    Map.entry("cli.AdminApi", "the operator's token goes to the bridge"),
                    Map.entry("cli.CredentialWriter", "the caller asked for the credential"),
                    Map.entry("cli.ExchangeCommand", "the job's token goes to the bridge"),
                    Map.entry("cli.PrivateFile", "the caller asked for it in a file of 0600"),
                    Map.entry(
                            "lifecycle.SignedHead", "a signed head is no secret, it is to be kept"),
                    Map.entry("cli.RevokeCommand", "what is revoked goes to the bridge"),
                    Map.entry("client.DpopKey", "the proof is of a hash of the token"),
                    Map.entry("client.Http", "what a client sends"),
                    Map.entry("client.HttpAnswer", "what a client got"),
                    Map.entry("client.JobSession", "its handle goes to the bridge"),
                    Map.entry("demo.Demo", "the demo prints parts of its own tokens"),
                    Map.entry("demo.DemoFolder", "the demo's own tokens, in a folder of 0700"),
                    Map.entry("demo.DemoTokens", "the demo's own tokens"),
                    Map.entry("demo.PublishedKeys", "the demo verifies what it was issued"),
                    Map.entry("demo.ServerCertificates", "the demo's throwaway key"));

    @ArchTest
    void readsTheClassFilesOfThisJavaVersion(JavaClasses classes) {
        assertThat(classes).hasSizeGreaterThan(300);
    }

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.tollbridge.bridge.(**)")
                    .should()
                    .beFreeOfCycles()
                    .because("a reader has to be able to begin somewhere");

    @ArchTest
    void arrowsPointOneWay(JavaClasses classes) {
        Set<String> wrong = new TreeSet<>();
        Set<String> unknown = new TreeSet<>();
        for (JavaClass from : classes) {
            String known = inside(from);
            if (known.isEmpty() || Set.of("serve", "cli", "demo").contains(known)) {
                continue;
            }
            Set<String> allowed = MAY_KNOW.get(known);
            if (allowed == null) {
                unknown.add(known);
                continue;
            }
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                String to = inside(dependency.getTargetClass());
                if (dependency.getTargetClass().getPackageName().startsWith(ROOT)
                        && !to.equals(known)
                        && !allowed.contains(to)) {
                    wrong.add(known + " -> " + to + " in " + from.getSimpleName());
                }
            }
        }
        assertThat(unknown).as("packages that this test has no arrows for").isEmpty();
        assertThat(wrong).isEmpty();
    }

    private static String inside(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(ROOT) ? name.substring(ROOT.length()) : "";
    }

    @ArchTest
    static final ArchRule joseStaysWhereSignaturesAre =
            only(
                            "com.nimbusds..",
                            "token",
                            "token.keys",
                            "signing",
                            "mint.jwt",
                            "mint.github",
                            "client",
                            "demo")
                    .because(
                            "a JOSE library believes what a token says of itself: it sees only what"
                                    + " the strict parser let through. The client signs proofs, the"
                                    + " demo plays the issuer");

    @ArchTest
    static final ArchRule httpStaysAtTheBorder =
            only("io.vertx..", "http", "fetch", "serve")
                    .because("what decides must not know event loops, and runs without a network");

    @ArchTest
    static final ArchRule nettyIsVertxsBusiness =
            only("io.netty..", "http", "fetch").because("one way to do HTTP is enough");

    @ArchTest
    static final ArchRule kubernetesStaysInItsPackage =
            only(
                            "io.fabric8..",
                            "cluster",
                            "mint.kubernetes",
                            "resource",
                            "ledger.kubernetes",
                            "signing.kubernetes")
                    .because("its client logs requests and carries the bridge's own identity");

    @ArchTest
    static final ArchRule awsStaysInItsMinter =
            only("software.amazon.awssdk..", "mint.aws")
                    .because("an SDK looks for credentials and endpoints wherever it runs");

    @ArchTest
    static final ArchRule googlesLibraryStaysInItsMinter =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.tollbridge.bridge.mint.google")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("com.google.auth..", "com.google.api..")
                    .because("it finds credentials of the machine, if anybody asks it to");

    @ArchTest
    static final ArchRule celStaysInPolicy =
            only("dev.cel..", "policy")
                    .because("a condition is bounded where it is compiled, and nowhere else");

    @ArchTest
    static final ArchRule commandLinesStayOutside =
            only("picocli..", "cli", "")
                    .because("everything else has to be usable without a terminal");

    @ArchTest
    static final ArchRule certificatesAreMadeInOnePlace =
            only("org.bouncycastle..", "tls").because("it is for throwaway authorities only");

    private static com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction only(
            String library, String... packages) {
        String[] allowed = new String[packages.length];
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = packages[i].isEmpty() ? "dev.tollbridge.bridge" : ROOT + packages[i];
        }
        return noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat(resideInAPackage(library));
    }

    @ArchTest
    void secretsAreRevealedInNamedPlacesOnly(JavaClasses classes) {
        Map<String, String> found = new TreeMap<>();
        for (JavaAccess<?> access : classes.get(Secret.class).getAccessesToSelf()) {
            String from = outermost(access.getOriginOwner());
            if (access.getName().equals("reveal") && !from.equals("secret.Secret")) {
                found.put(from, REVEALS.getOrDefault(from, "no reason is given"));
            }
        }
        assertThat(found).isEqualTo(new TreeMap<>(REVEALS));
    }

    private static String outermost(JavaClass type) {
        String name = type.getName().substring(ROOT.length());
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    @ArchTest
    static final ArchRule onlyTheParserSaysThatAnyoneMayHaveSentIt =
            madeOnlyIn(SubjectToken.class, "token")
                    .because("types are the proof: what is one has been parsed strictly");

    @ArchTest
    static final ArchRule onlyTheVerifierSaysThatItIsVerified =
            madeOnlyIn(VerifiedToken.class, "token")
                    .because("types are the proof: what is one has been verified");

    @ArchTest
    static final ArchRule onlyPolicyDecides =
            madeOnlyIn(Decision.class, "policy")
                    .because("types are the proof: what is minted has been decided");

    private static com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction madeOnlyIn(
            Class<?> type, String packageName) {
        DescribedPredicate<com.tngtech.archunit.core.domain.JavaConstructorCall> makes =
                target(owner(com.tngtech.archunit.core.domain.JavaClass.Predicates.type(type)))
                        .forSubtype();
        return noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + packageName)
                .should()
                .callConstructorWhere(makes);
    }

    @ArchTest
    void onlyTheExchangeCallsMinters(JavaClasses classes) {
        Set<String> callers = new TreeSet<>();
        for (JavaClass type : classes) {
            type.getMethodCallsFromSelf().stream()
                    .filter(call ->
                            call.getName().equals("mint")
                                    && call.getTargetOwner()
                                            .getName()
                                            .equals(ROOT + "mint.CredentialMinter"))
                    .forEach(call -> callers.add(outermost(call.getOriginOwner())));
        }
        assertThat(callers)
                .as("there is one pipeline; the guard stands around one minter")
                .containsExactly("exchange.Issuing", "mint.GuardedMinter");
    }

    @ArchTest
    static final ArchRule nobodyFormatsByReflection =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            ROOT + "exchange", ROOT + "token", ROOT + "ledger..", ROOT + "audit")
                    .should()
                    .callMethod(String.class, "format", String.class, Object[].class)
                    .because("the exchange has about 35 microseconds");

    @ArchTest
    static final ArchRule nobodySerializesObjects =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(java.io.ObjectInputStream.class)
                    .because("deserialising runs what the sender chose");

    @ArchTest
    static final ArchRule commandsAreNotRun =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(ROOT + "cli", ROOT + "demo")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(ProcessBuilder.class)
                    .because("a token's claim must never come near a command line");
}
