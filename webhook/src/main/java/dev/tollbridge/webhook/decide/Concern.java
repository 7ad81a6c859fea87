package dev.tollbridge.webhook.decide;

import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.stored.StoredName;
import org.jspecify.annotations.Nullable;

/// One thing about an object that somebody may have to be told.
public sealed interface Concern {

    /// Where it stands in the object that is asked about.
    String path();

    /// The Secret or ConfigMap that holds it; null where the object itself does and is none.
    @Nullable StoredName source();

    /// A login was found.
    ///
    /// @param key of the source; empty where there is no source, or no key of it
    /// @param spared whether it is the record of a Helm release, which nobody wrote by hand
    record Found(
            String path, @Nullable StoredName source, String key, Finding finding, boolean spared)
            implements Concern {}

    /// A reference whose target nothing is known of.
    record Unknown(String path, StoredName source, String words) implements Concern {}

    /// Something that cannot be looked into.
    ///
    /// @param onlyRecorded for what every cluster has: a disk
    record Opaque(String path, @Nullable StoredName source, String words, boolean onlyRecorded)
            implements Concern {}

    /// What was injected is not there, or not as it was injected.
    record Broken(String path, String words) implements Concern {
        @Override
        public @Nullable StoredName source() {
            return null;
        }
    }

    /// Whether two concerns are about the same thing, wherever it now stands: what was there before
    /// a change is not what the change brought.
    default boolean sameAs(Concern other) {
        return switch (this) {
            case Found found ->
                    other instanceof Found that
                            && found.finding.detector().equals(that.finding.detector())
                            && found.finding.fingerprint().equals(that.finding.fingerprint())
                            && java.util.Objects.equals(found.source, that.source)
                            && found.key.equals(that.key);
            case Unknown unknown ->
                    other instanceof Unknown that && unknown.source.equals(that.source);
            case Opaque opaque ->
                    other instanceof Opaque that
                            && opaque.path.equals(that.path)
                            && opaque.words.equals(that.words);
            case Broken broken ->
                    other instanceof Broken that
                            && broken.path.equals(that.path)
                            && broken.words.equals(that.words);
        };
    }
}
