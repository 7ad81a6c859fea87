package dev.tollbridge.bridge.resource;

/// One entry of a resource's `status.conditions`.
///
/// @param holds `True` or `False`
/// @param reason one word in CamelCase, such as a lint rule's id without its hyphens
/// @param message for people
public record Condition(String type, boolean holds, String reason, String message) {

    /// Bounded, as the definition has it.
    static final int MOST = 4_000;

    public Condition {
        message = message.length() > MOST ? message.substring(0, MOST) + "..." : message;
    }

    /// `names-without-ids` as `NamesWithoutIds`: what a reason may look like.
    public static String word(String rule) {
        StringBuilder word = new StringBuilder();
        for (String part : rule.split("[^A-Za-z0-9]+")) {
            if (!part.isEmpty()) {
                word.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
            }
        }
        return word.isEmpty() ? "Refused" : word.toString();
    }
}
