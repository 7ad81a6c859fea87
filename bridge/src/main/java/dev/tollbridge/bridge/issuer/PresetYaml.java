package dev.tollbridge.bridge.issuer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// One mapping of a preset file, read strictly: what is missing, of another type or never asked for
/// is an error. These files are part of the build, so an error is a programming error.
final class PresetYaml {

    private final String place;
    private final Map<?, ?> members;
    private final Set<String> asked = new LinkedHashSet<>();

    private PresetYaml(String place, Map<?, ?> members) {
        this.place = place;
        this.members = members;
    }

    static PresetYaml parse(String id, String text) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(id)
                        .setAllowDuplicateKeys(false)
                        .setMaxAliasesForCollections(0)
                        .build();
        return new PresetYaml(id, mapping(id, new Load(settings).loadFromString(text)));
    }

    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (Object key : members.keySet()) {
            keys.add((String) key);
        }
        return keys;
    }

    boolean has(String key) {
        return members.containsKey(key);
    }

    Object any(String key) {
        asked.add(key);
        Object value = members.get(key);
        if (value == null) {
            throw wrong(key, "is missing");
        }
        return value;
    }

    String string(String key) {
        if (any(key) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw wrong(key, "is not a text");
    }

    @Nullable String optionalString(String key) {
        return has(key) ? string(key) : null;
    }

    boolean flag(String key) {
        if (any(key) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "is neither true nor false");
    }

    boolean flagOrFalse(String key) {
        return has(key) && flag(key);
    }

    Duration duration(String key) {
        String text = string(key);
        try {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        } catch (java.time.DateTimeException e) {
            throw wrong(key, "is not a duration such as 15m");
        }
    }

    <E extends Enum<E>> E oneOf(Class<E> type, String key) {
        String text = string(key);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().replace('_', '-').equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw wrong(key, "is none of " + List.of(type.getEnumConstants()));
    }

    List<Object> list(String key) {
        if (any(key) instanceof List<?> list) {
            return List.copyOf(list);
        }
        throw wrong(key, "is not a list");
    }

    List<Object> listOrEmpty(String key) {
        return has(key) ? list(key) : List.of();
    }

    List<String> strings(String key) {
        return strings(key, any(key));
    }

    List<String> stringsOrEmpty(String key) {
        return has(key) ? strings(key) : List.of();
    }

    List<List<String>> stringLists(String key) {
        List<List<String>> lists = new ArrayList<>();
        for (Object element : list(key)) {
            lists.add(strings(key, element));
        }
        return List.copyOf(lists);
    }

    private List<String> strings(String key, Object value) {
        if (!(value instanceof List<?> list)) {
            throw wrong(key, "is not a list");
        }
        List<String> strings = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw wrong(key, "holds something other than a text");
            }
            strings.add(text);
        }
        return List.copyOf(strings);
    }

    PresetYaml mapping(String key) {
        return new PresetYaml(place + "." + key, mapping(place + "." + key, any(key)));
    }

    List<PresetYaml> mappings(String key) {
        return mappings(key, any(key));
    }

    List<PresetYaml> mappingsOrEmpty(String key) {
        return has(key) ? mappings(key) : List.of();
    }

    List<List<PresetYaml>> mappingLists(String key) {
        List<List<PresetYaml>> lists = new ArrayList<>();
        for (Object element : list(key)) {
            lists.add(mappings(key, element));
        }
        return List.copyOf(lists);
    }

    private List<PresetYaml> mappings(String key, Object value) {
        if (!(value instanceof List<?> list)) {
            throw wrong(key, "is not a list");
        }
        List<PresetYaml> mappings = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = place + "." + key + "[" + i + "]";
            mappings.add(new PresetYaml(at, mapping(at, list.get(i))));
        }
        return List.copyOf(mappings);
    }

    private static Map<?, ?> mapping(String place, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalStateException(place + " is not a mapping");
        }
        for (Object key : map.keySet()) {
            if (!(key instanceof String)) {
                throw new IllegalStateException(place + " has a key that is not a text: " + key);
            }
        }
        return map;
    }

    /// To be called when everything has been asked for.
    void noMore() {
        for (String key : keys()) {
            if (!asked.contains(key)) {
                throw wrong(key, "is not a field");
            }
        }
    }

    IllegalStateException wrong(String key, String what) {
        return new IllegalStateException("preset " + place + "." + key + " " + what);
    }
}
