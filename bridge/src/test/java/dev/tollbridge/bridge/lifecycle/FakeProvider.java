package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.RevocableMinter;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A provider that outlives the bridge's restarts: it knows which credentials it ended, and does
/// what the test says.
final class FakeProvider implements RevocableMinter {

    /// What every credential's proof to its provider begins with: none of it may be written down.
    static final String SHOWN = "proof-to-the-provider-of-";

    enum Mood {
        WILLING,
        AWAY,
        SILENT,
        UNABLE
    }

    final List<String> asked = new CopyOnWriteArrayList<>();
    final Set<String> ended = ConcurrentHashMap.newKeySet();
    volatile Mood mood = Mood.WILLING;

    @Override
    public String kind() {
        return "oauth";
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) {
        return new MintedCredential(
                Secret.of("opaque-credential-" + issuance),
                "Bearer",
                "urn:ietf:params:oauth:token-type:access_token",
                decision.expiresAt(),
                true,
                Secret.of(SHOWN + issuance),
                "serial " + issuance.substring(20));
    }

    @Override
    public boolean revoke(Target target, String issuance, @Nullable Secret endedBy)
            throws MintFailure {
        asked.add(target.name() + " " + issuance);
        switch (mood) {
            case UNABLE -> {
                return false;
            }
            case AWAY -> throw MintFailure.unavailable("no answer", false, Duration.ofSeconds(9));
            case SILENT -> silence();
            case WILLING -> {}
        }
        if (endedBy == null) {
            return false;
        }
        if (!endedBy.equals(Secret.of(SHOWN + issuance))) {
            throw MintFailure.refused("shown for another credential");
        }
        ended.add(issuance);
        return true;
    }

    private static void silence() throws MintFailure {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw MintFailure.unavailable("interrupted", false, null);
        }
    }
}
