package dev.tollbridge.webhook.repair;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.webhook.testing.Yaml;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RepairsTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final Repairs repairs = new Repairs();

    private static JsonNode pod(String owner, String created) {
        return Yaml.object(
                "{metadata: {name: p, creationTimestamp: '%s', ownerReferences: [%s]}, status: {phase: Running}}"
                        .formatted(created, owner));
    }

    private static JsonNode of(String kind) {
        return pod("{kind: %s, uid: u1, controller: true}".formatted(kind), "2026-11-21T11:00:00Z");
    }

    @Test
    void evictsWhatAControllerMakesAgain() {
        repairs.begin(1);

        assertThat(repairs.reasonToLeave(of("ReplicaSet"), true)).isEmpty();
    }

    @Test
    void evictsNothingUnlessTheSettingsSaySo() {
        repairs.begin(0);

        assertThat(repairs.reasonToLeave(of("ReplicaSet"), true)).contains("evict none");
    }

    @Test
    void keepsToTheBudgetOfASweep() {
        repairs.begin(1);
        repairs.evicted(of("ReplicaSet"), NOON);
        JsonNode another =
                pod("{kind: ReplicaSet, uid: u2, controller: true}", "2026-11-21T11:00:00Z");

        assertThat(repairs.reasonToLeave(another, true)).contains("no more in this sweep");
        repairs.begin(1);
        assertThat(repairs.reasonToLeave(another, true)).isEmpty();
    }

    @Test
    void leavesWhatNothingWouldMakeAgain() {
        repairs.begin(9);

        assertThat(repairs.reasonToLeave(pod("", "2026-11-21T11:00:00Z"), true)).isNotEmpty();
        assertThat(
                        repairs.reasonToLeave(
                                pod("{kind: ReplicaSet, uid: u1}", "2026-11-21T11:00:00Z"), true))
                .isNotEmpty();
        assertThat(repairs.reasonToLeave(of("Node"), true)).isNotEmpty();
        assertThat(repairs.reasonToLeave(of("Job"), true)).isNotEmpty();
    }

    @Test
    void leavesAPodWhoseSuccessorWouldBeRefused() {
        repairs.begin(9);

        assertThat(repairs.reasonToLeave(of("ReplicaSet"), false)).contains("refused");
    }

    @Test
    void leavesASuccessorThatMissedItTooAndGoesOnWithItsElders() {
        repairs.begin(9);
        repairs.evicted(of("ReplicaSet"), NOON);

        assertThat(repairs.reasonToLeave(of("ReplicaSet"), true)).isEmpty();
        JsonNode successor =
                pod("{kind: ReplicaSet, uid: u1, controller: true}", "2026-11-21T12:00:05Z");
        assertThat(repairs.reasonToLeave(successor, true)).contains("missed it too");
    }

    @Test
    void leavesWhatEndsAnyway() {
        repairs.begin(9);

        assertThat(repairs.reasonToLeave(Yaml.object("{metadata: {deletionTimestamp: x}}"), true))
                .isNotEmpty();
        assertThat(repairs.reasonToLeave(Yaml.object("{status: {phase: Succeeded}}"), true))
                .isNotEmpty();
    }
}
