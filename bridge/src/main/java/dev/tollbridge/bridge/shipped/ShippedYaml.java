package dev.tollbridge.bridge.shipped;

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

/// One mapping of a file that is part of this build, read strictly: what is missing, of another
/// type or never asked for is an error. An error is a programming error.
public final class ShippedYaml {

    private final String place;
    private final Map<?, ?> members;
    private final Set<String> asked = new LinkedHashSet<>();

    private ShippedYaml(String place, Map<?, ?> members) {
        this.place = place;
        this.members = members;
    }

    public static ShippedYaml parse(String id, String text) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(id)
                        .setAllowDuplicateKeys(false)
                        .setMaxAliasesForCollections(0)
                        .build();
        return new ShippedYaml(id, mapping(id, new Load(settings).loadFromString(text)));
    }

    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (Object key : members.keySet()) {
            keys.add((String) key);
        }
        return keys;
    }

    public boolean has(String key) {
        return members.containsKey(key);
    }

    /// The value, whatever its type; not null.
    public Object any(String key) {
        asked.add(key);
        Object value = members.get(key);
        if (value == null) {
            throw wrong(key, "is missing");
        }
        return value;
    }

    public String string(String key) {
        if (any(key) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw wrong(key, "is not a text");
    }

    public @Nullable String optionalString(String key) {
        return has(key) ? string(key) : null;
    }

    public boolean flag(String key) {
        if (any(key) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "is neither true nor false");
    }

    public boolean flagOrFalse(String key) {
        return has(key) && flag(key);
    }

    public Duration duration(String key) {
        String text = string(key);
        try {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        } catch (java.time.DateTimeException e) {
            throw wrong(key, "is not a duration such as 15m");
        }
    }

    public <E extends Enum<E>> E oneOf(Class<E> type, String key) {
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

    public List<Object> listOrEmpty(String key) {
        return has(key) ? list(key) : List.of();
    }

    public List<String> strings(String key) {
        return strings(key, any(key));
    }

    public List<String> stringsOrEmpty(String key) {
        return has(key) ? strings(key) : List.of();
    }

    public List<List<String>> stringLists(String key) {
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

    public ShippedYaml mapping(String key) {
        return new ShippedYaml(place + "." + key, mapping(place + "." + key, any(key)));
    }

    public List<ShippedYaml> mappings(String key) {
        return mappings(key, any(key));
    }

    public List<ShippedYaml> mappingsOrEmpty(String key) {
        return has(key) ? mappings(key) : List.of();
    }

    public List<List<ShippedYaml>> mappingLists(String key) {
        List<List<ShippedYaml>> lists = new ArrayList<>();
        for (Object element : list(key)) {
            lists.add(mappings(key, element));
        }
        return List.copyOf(lists);
    }

    private List<ShippedYaml> mappings(String key, Object value) {
        if (!(value instanceof List<?> list)) {
            throw wrong(key, "is not a list");
        }
        List<ShippedYaml> mappings = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = place + "." + key + "[" + i + "]";
            mappings.add(new ShippedYaml(at, mapping(at, list.get(i))));
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
    public void noMore() {
        for (String key : keys()) {
            if (!asked.contains(key)) {
                throw wrong(key, "is not a field");
            }
        }
    }

    public IllegalStateException wrong(String key, String what) {
        return new IllegalStateException("preset " + place + "." + key + " " + what);
    }
}
