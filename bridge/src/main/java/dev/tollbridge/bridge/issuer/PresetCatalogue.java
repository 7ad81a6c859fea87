package dev.tollbridge.bridge.issuer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The shipped presets.
public final class PresetCatalogue {

    private PresetCatalogue() {}

    /// The presets of this build.
    public static PresetCatalogue shipped() {
        return new PresetCatalogue();
    }

    /// The preset of this id or alias, or null. Presets that are documented refusals are found too.
    public @Nullable Preset find(String name) {
        return null;
    }

    /// All presets, refusals included, in the order of the list.
    public List<Preset> all() {
        return List.of();
    }
}
