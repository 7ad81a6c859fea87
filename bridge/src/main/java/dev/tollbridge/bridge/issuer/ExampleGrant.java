package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.MatchForm;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The part of a grant that says which subjects, as an example for one preset.
///
/// @param condition CEL over `claims`; null: none
/// @param why what it admits, or what is wrong with it
public record ExampleGrant(
        String title, Map<String, MatchForm> match, @Nullable String condition, String why) {}
