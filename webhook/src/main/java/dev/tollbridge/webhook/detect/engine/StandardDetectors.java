package dev.tollbridge.webhook.detect.engine;

import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Detectors;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.parse.Budget;
import dev.tollbridge.webhook.detect.rule.Catalogue;

/// The engine over the shipped catalogue. Made once; immutable.
public final class StandardDetectors implements Detectors {

    private final Compiled compiled;
    private final Fingerprints fingerprints;
    private final Bounds bounds;

    private StandardDetectors(Compiled compiled, Fingerprints fingerprints, Bounds bounds) {
        this.compiled = compiled;
        this.fingerprints = fingerprints;
        this.bounds = bounds;
    }

    public static StandardDetectors shipped(Fingerprints fingerprints) {
        return of(Catalogue.shipped(), fingerprints, Bounds.standard());
    }

    public static StandardDetectors of(
            Catalogue catalogue, Fingerprints fingerprints, Bounds bounds) {
        return new StandardDetectors(new Compiled(catalogue), fingerprints, bounds);
    }

    @Override
    public Judgement judge(Content content) {
        return judge(content, bounds.budget(content.bytes().length));
    }

    /// With a budget of the caller's, who can see afterwards what was spent.
    Judgement judge(Content content, Budget budget) {
        return new Inspection(compiled, bounds, budget).judge(content, fingerprints);
    }

    Budget budget(int size) {
        return bounds.budget(size);
    }
}
