package dev.tollbridge.webhook.decide;

import java.util.Comparator;
import java.util.List;

/// What is done about all concerns with one object.
///
/// @param concerns the gravest first
public record Ruling(Subject subject, Mode mode, List<Ruled> concerns) {

    public Ruling {
        concerns =
                concerns.stream()
                        .sorted(
                                Comparator.comparing(Ruled::outcome)
                                        .thenComparing(Ruled::enforced)
                                        .reversed())
                        .toList();
    }

    public boolean refused() {
        return has(Outcome.REFUSED);
    }

    public boolean has(Outcome outcome) {
        return concerns.stream().anyMatch(ruled -> ruled.outcome() == outcome);
    }

    public List<Ruled> with(Outcome outcome) {
        return concerns.stream().filter(ruled -> ruled.outcome() == outcome).toList();
    }

    /// For metrics and the audit log.
    public String decision() {
        return concerns.isEmpty() ? "clean" : concerns.getFirst().outcome().written();
    }
}
