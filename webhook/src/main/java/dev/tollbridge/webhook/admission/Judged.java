package dev.tollbridge.webhook.admission;

import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Ruling;
import dev.tollbridge.webhook.decide.Subject;
import java.util.List;
import java.util.function.Consumer;

/// What was found about one object.
///
/// @param before what was found about what is stored of it; empty where nothing is
/// @param remember what to do once it is decided, unless it is a dry run
record Judged(
        Subject subject, List<Concern> concerns, List<Concern> before, Consumer<Ruling> remember) {

    boolean wasThere(Concern concern) {
        return before.stream().anyMatch(concern::sameAs);
    }
}
