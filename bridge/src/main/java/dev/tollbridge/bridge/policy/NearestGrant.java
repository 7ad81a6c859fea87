package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.policy.Trace.Step;
import dev.tollbridge.bridge.target.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// For the record of a refusal: which grant came nearest, and the first thing it failed at. Looks
/// at a bounded number of grants, so that being refused stays cheap.
final class NearestGrant {

    /// Of one issuer and target; the first by name.
    private static final int LOOKED_AT = 32;

    private final Map<String, Map<String, List<Grant>>> grants = new HashMap<>();

    /// @param all in order of their names, disabled ones too
    NearestGrant(List<Grant> all) {
        for (Grant grant : all) {
            var ofIssuer = grants.computeIfAbsent(grant.spec().issuer(), _ -> new HashMap<>());
            for (String target : grant.allowances().keySet()) {
                List<Grant> those = ofIssuer.computeIfAbsent(target, _ -> new ArrayList<>(1));
                if (those.size() < LOOKED_AT) {
                    those.add(grant);
                }
            }
        }
    }

    /// For the operator, to follow other words.
    String words(Subject subject, Target target, Instant now) {
        Grant nearest = null;
        @Nullable Step failing = null;
        int least = Integer.MAX_VALUE;
        for (Grant grant :
                grants.getOrDefault(subject.issuer().name(), Map.of())
                        .getOrDefault(target.name(), List.of())) {
            int failures = 0;
            Step first = null;
            for (Step step : Trace.steps(grant, subject)) {
                if (!step.holds()) {
                    failures++;
                    first = first == null ? step : first;
                }
            }
            if (failures < least) {
                least = failures;
                nearest = grant;
                failing = first;
            }
        }
        if (nearest == null) {
            return "; no grant of its issuer gives that";
        }
        return "; nearest is grant " + nearest.name() + ": " + why(nearest, failing, now);
    }

    private static String why(Grant grant, @Nullable Step failing, Instant now) {
        if (failing != null) {
            return failing.words() + (failing.expected() == null ? " does not hold" : "");
        }
        if (!grant.spec().enabled()) {
            return "it is disabled";
        }
        return grant.expired(now) ? "it has expired" : "it is in shadow mode";
    }
}
