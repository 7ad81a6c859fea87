package dev.tollbridge.webhook;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The arrows between the webhook's packages. Each rule says why.
@AnalyzeClasses(
        packages = "dev.tollbridge.webhook",
        importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {

    static final class MainClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    private static final String ROOT = "dev.tollbridge.webhook.";

    /// Each package and the packages of ours that it may know.
    private static final Map<String, Set<String>> MAY_KNOW =
            Map.ofEntries(
                    // What judges knows nobody.
                    Map.entry("detect", Set.of()),
                    Map.entry("detect.parse", Set.of("detect")),
                    Map.entry("detect.rule", Set.of("detect", "detect.parse")),
                    Map.entry("detect.engine", Set.of("detect", "detect.parse", "detect.rule")),
                    Map.entry("advise", Set.of()),
                    // What brings contents to it.
                    Map.entry("scan", Set.of("detect", "advise")),
                    // The way of a review: what is read, what it holds, what is known, what is
                    // done.
                    Map.entry("review", Set.of()),
                    Map.entry("stored", Set.of("detect")),
                    Map.entry("pod", Set.of("detect", "stored")),
                    Map.entry("index", Set.of("detect", "stored")),
                    Map.entry("decide", Set.of("detect", "stored")),
                    Map.entry("patch", Set.of()),
                    Map.entry("inject", Set.of("patch")),
                    Map.entry("repair", Set.of()),
                    Map.entry("approval", Set.of("patch", "review")),
                    Map.entry(
                            "admission",
                            Set.of(
                                    "decide", "detect", "index", "inject", "pod", "review",
                                    "stored")),
                    // What is around it.
                    Map.entry("http", Set.of("review")),
                    Map.entry("metrics", Set.of()),
                    Map.entry("tls", Set.of()),
                    Map.entry(
                            "registration",
                            Set.of("decide", "detect", "detect.rule", "inject", "pod")),
                    Map.entry(
                            "cluster",
                            Set.of(
                                    "approval",
                                    "detect",
                                    "index",
                                    "registration",
                                    "stored",
                                    "tls")));

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.tollbridge.webhook.(**)")
                    .should()
                    .beFreeOfCycles()
                    .because("a reader has to be able to begin somewhere");

    @ArchTest
    void arrowsPointOneWay(JavaClasses classes) {
        Set<String> wrong = new TreeSet<>();
        Set<String> unknown = new TreeSet<>();
        for (JavaClass from : classes) {
            String known = inside(from);
            if (known.isEmpty() || known.equals("serve")) {
                continue;
            }
            Set<String> allowed = MAY_KNOW.get(known);
            if (allowed == null) {
                unknown.add(known);
                continue;
            }
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                String to = inside(dependency.getTargetClass());
                if (!to.isEmpty() && !to.equals(known) && !allowed.contains(to)) {
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
    static final ArchRule theBridgeIsNotKnownHere =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.tollbridge.bridge..")
                    .because("the command line maps the bridge's documents to settings of ours");

    @ArchTest
    static final ArchRule judgingNeedsNoWorld =
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "detect..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.nio.file..", "java.net..", "io.fabric8..", "io.vertx..")
                    .because("the same detectors run in admission, on files and in fuzz tests");

    @ArchTest
    static final ArchRule judgingAReviewAsksNobody =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            ROOT + "admission",
                            ROOT + "decide",
                            ROOT + "index",
                            ROOT + "inject",
                            ROOT + "pod",
                            ROOT + "review",
                            ROOT + "stored")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.nio.file..",
                            "java.net.http..",
                            "io.fabric8.kubernetes..",
                            "io.vertx..",
                            "org.slf4j..")
                    .because(
                            "the API server waits: what is needed is in the request, in memory, or"
                                    + " unknown; and what does not log cannot log an object");

    @ArchTest
    static final ArchRule httpStaysAtTheBorder =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(ROOT + "http", ROOT + "serve")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.vertx..", "io.netty..")
                    .because("what decides must not know event loops");

    @ArchTest
    static final ArchRule kubernetesStaysInItsPackage =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + "cluster")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.fabric8.kubernetes..")
                    .because("its client carries the webhook's own identity, and quotes objects");

    @ArchTest
    static final ArchRule certificatesAreMadeInOnePlace =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + "tls")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.bouncycastle..")
                    .because("what is served with them does not make them");

    @ArchTest
    static final ArchRule nobodySerializesObjects =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(java.io.ObjectInputStream.class)
                    .because("deserialising runs what the sender chose");
}
