package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.issuer.Preset;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.target.TargetRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What a lint rule looks at: one grant with everything that is known about it.
///
/// @param constraints what it demands of the claims
record LintSubject(
        Grant grant,
        TrustedIssuer issuer,
        Constraints constraints,
        TargetRegistry targets,
        Instant now) {

    GrantSpec spec() {
        return grant.spec();
    }

    @Nullable Preset preset() {
        return issuer.preset();
    }

    /// With each entry of `allow` that names a target, and where it stands.
    void eachTarget(BiConsumer<GrantSpec.Allow, Target> look) {
        for (GrantSpec.Allow allow : spec().allow()) {
            Target target = targets.byName(allow.target());
            if (target != null) {
                look.accept(allow, target);
            }
        }
    }

    /// Claims that the grant says anything about.
    List<String> claims() {
        return new ArrayList<>(constraints.byClaim().keySet());
    }
}
