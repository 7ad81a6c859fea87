package dev.tollbridge.webhook.detect.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/// Gives each different sign of the catalogue its number.
final class Signs {

    private final Map<Sign, Integer> numbers = new LinkedHashMap<>();

    int number(Sign sign) {
        Integer known = numbers.putIfAbsent(sign, numbers.size());
        return known == null ? numbers.size() - 1 : known;
    }

    Sign[] all() {
        return numbers.keySet().toArray(Sign[]::new);
    }
}
