package dev.tollbridge.bridge.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("DESIGN 4: rules are swapped whole; a bad edit keeps the old set and says so")
class LiveRulesTest {

    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicReference<Instant> lookedAt = new AtomicReference<>(START);
    private final List<String> told = new ArrayList<>();
    private final Edit edit = new Edit();
    private final RulesCompiler compiler =
            new RulesCompiler(PresetCatalogue.shipped(), null, null, now::get);
    private final LiveRules live;

    LiveRulesTest() {
        AtomicReference<LiveRules> self = new AtomicReference<>();
        live =
                new LiveRules(
                        compiler,
                        compiler.compile(edit.read()).rules(),
                        lookedAt::get,
                        now::get,
                        (before, after) -> {
                            assertThat(self.get().inForce()).isSameAs(after);
                            told.add(grants(before) + " -> " + grants(after));
                        });
        self.set(live);
    }

    private static String grants(Rules rules) {
        return String.join(",", rules.documents().grants().keySet());
    }

    private void accept() {
        live.accept(edit.read());
    }

    @Test
    void anEditIsInForceAsAWhole() {
        Rules before = live.current();
        edit.put("new-target.yaml", Edit.target("third"))
                .put("new-grant.yaml", Edit.grant("third", "third"));
        accept();
        Rules after = live.current();
        assertThat(after).isNotSameAs(before);
        assertThat(after.targets().byName("third")).isNotNull();
        assertThat(after.documents().grants()).containsKeys("deploy", "read", "third");
        assertThat(live.refusedEdit()).isEmpty();
    }

    @Test
    void whatAnExchangeTookStaysAsItWasWhenAnEditArrives() {
        Rules taken = live.current();
        edit.delete("grant-read.yaml").put("targets.yaml", Edit.target("api"));
        accept();
        assertThat(taken.targets().byName("other")).isNotNull();
        assertThat(taken.documents().grants()).containsKey("read");
        assertThat(live.current().targets().byName("other")).isNull();
    }

    @Test
    void whoIsToldOfAChangeSeesTheNewRulesInForce() {
        edit.delete("grant-read.yaml");
        accept();
        assertThat(told).containsExactly("deploy,read -> deploy");
    }

    @Test
    void aBadEditKeepsTheOldSetAndSaysWhatIsWrong() {
        edit.put("new-target.yaml", Edit.target("third")).andSomethingRefused();
        accept();
        assertThat(live.current().documents().grants()).containsOnlyKeys("deploy", "read");
        assertThat(live.current().targets().byName("third")).isNull();
        assertThat(live.refusedEdit())
                .extracting(Problem::path)
                .anySatisfy(path -> assertThat(path).startsWith("Grant/broken "));
    }

    @Test
    void aBadEditOfADocumentKeepsThatDocumentAsItWas() {
        edit.put("grant-deploy.yaml", Edit.grant("deploy", "nowhere"));
        accept();
        assertThat(
                        Objects.requireNonNull(live.current().documents().grants().get("deploy"))
                                .spec()
                                .allow())
                .extracting(allow -> allow.target())
                .containsExactly("api");
    }

    @Test
    void whatABadEditDeletesIsGone() {
        edit.delete("grant-read.yaml").andSomethingRefused();
        accept();
        assertThat(live.current().documents().grants()).containsOnlyKeys("deploy");
        assertThat(told).containsExactly("deploy,read -> deploy");
    }

    @Test
    void whatABadEditDisablesIsDisabled() {
        edit.put("issuer.yaml", Edit.issuer("  enabled: false\n")).andSomethingRefused();
        accept();
        assertThat(live.current().issuers().enabled()).isEmpty();
    }

    @Test
    void whomABadEditDeniesIsDenied() {
        edit.put("issuer.yaml", Edit.issuer("  denied: [{sub: job-42}]\n")).andSomethingRefused();
        accept();
        assertThat(
                        Objects.requireNonNull(live.current().documents().issuers().get("ci"))
                                .spec()
                                .denied())
                .hasSize(1);
    }

    @Test
    void whatOneBadEditTookAwayTheNextBadOneDoesNotGiveBack() {
        edit.delete("grant-read.yaml").andSomethingRefused();
        accept();
        edit.put("grant-read.yaml", Edit.grant("read", "other"));
        accept();
        assertThat(live.current().documents().grants()).containsOnlyKeys("deploy");
    }

    @Test
    void aMendedEditGivesEverythingBackAndClearsTheFlag() {
        edit.delete("grant-read.yaml").andSomethingRefused();
        accept();
        assertThat(live.refusedEdit()).isNotEmpty();
        edit.delete("broken.yaml").put("grant-read.yaml", Edit.grant("read", "other"));
        accept();
        assertThat(live.refusedEdit()).isEmpty();
        assertThat(live.current().documents().grants()).containsOnlyKeys("deploy", "read");
    }

    @Test
    @DisplayName("DESIGN 14, rule 3: a bridge that has stopped looking at its rules issues nothing")
    void rulesThatWereNotLookedAtForTooLongAreNotHandedOut() {
        now.set(START.plus(LiveRules.LOOKED_AT_WITHIN));
        assertThat(live.current()).isSameAs(live.inForce());
        now.set(START.plus(LiveRules.LOOKED_AT_WITHIN).plusMillis(1));
        assertThatThrownBy(live::current)
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal ->
                                assertThat(refusal.reason()).isEqualTo(RefusalReason.OVERLOADED));
        assertThat(live.inForce().documents().grants()).containsKey("deploy");
        lookedAt.set(now.get());
        assertThat(live.current()).isSameAs(live.inForce());
    }
}
