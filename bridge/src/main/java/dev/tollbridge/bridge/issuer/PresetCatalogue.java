package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.shipped.ShippedYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The presets shipped with this build: one YAML file each, listed in `presets/index.yaml`, which
/// also gives their aliases. A preset is read when it is first asked for, because most
/// configurations use two of them.
///
/// Safe for use by several threads.
public final class PresetCatalogue {

    private static final PresetCatalogue SHIPPED = new PresetCatalogue();

    private final Map<String, List<String>> aliases;
    private final Map<String, Preset> read = new ConcurrentHashMap<>();

    private PresetCatalogue() {
        Map<String, List<String>> index = new LinkedHashMap<>();
        ShippedYaml yaml = ShippedYaml.parse("index", text("index"));
        for (String id : yaml.keys()) {
            index.put(id, yaml.strings(id));
        }
        aliases = index;
    }

    /// The presets of this build.
    public static PresetCatalogue shipped() {
        return SHIPPED;
    }

    /// The preset of this id or alias, or null; of a family the first. Presets that are documented
    /// refusals are found too.
    public @Nullable Preset find(String name) {
        if (aliases.containsKey(name)) {
            return load(name);
        }
        for (Map.Entry<String, List<String>> entry : aliases.entrySet()) {
            if (entry.getValue().contains(name)) {
                return load(entry.getKey());
            }
        }
        return null;
    }

    /// The preset of this id or alias that fits the issuer's URL: itself, or else a member of its
    /// family, so that `gitlab` with another URL than gitlab.com's is a self-managed GitLab. When
    /// none fits, what the name alone finds; null when that is nothing.
    ///
    /// @param issuer null: not written
    public @Nullable Preset find(String name, @Nullable String issuer) {
        Preset named = find(name);
        if (named == null || issuer == null || named.fits(issuer)) {
            return named;
        }
        for (Map.Entry<String, List<String>> entry : aliases.entrySet()) {
            for (String alias : named.aliases()) {
                if (entry.getValue().contains(alias)) {
                    Preset relative = load(entry.getKey());
                    if (relative.fits(issuer)) {
                        return relative;
                    }
                }
            }
        }
        return named;
    }

    /// All presets, refusals included, in the order of the index.
    public List<Preset> all() {
        List<Preset> all = new ArrayList<>(aliases.size());
        for (String id : aliases.keySet()) {
            all.add(load(id));
        }
        return all;
    }

    /// The ids and aliases that come nearest to a name nobody knows, best first; at most three.
    public List<String> similarTo(String name) {
        List<String> names = new ArrayList<>();
        aliases.forEach((id, others) -> {
            names.add(id);
            names.addAll(others);
        });
        return Spelling.nearest(name, names);
    }

    private Preset load(String id) {
        Preset known = read.get(id);
        if (known != null) {
            return known;
        }
        // Reading twice at once does no harm; a lock would have to allow for claimsLike.
        Preset preset = PresetReader.read(this, id, aliases.getOrDefault(id, List.of()), text(id));
        read.put(id, preset);
        return preset;
    }

    private static String text(String id) {
        String resource = "presets/" + id + ".yaml";
        try (InputStream in = PresetCatalogue.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
