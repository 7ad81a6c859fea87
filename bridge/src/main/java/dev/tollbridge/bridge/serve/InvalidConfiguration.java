package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.config.Problem;
import java.util.List;
import java.util.stream.Collectors;

/// The bridge cannot start with what it was given; says all that is wrong at once.
public final class InvalidConfiguration extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private InvalidConfiguration(String message) {
        super(message, null, false, false);
    }

    static InvalidConfiguration of(List<Problem> problems) {
        return new InvalidConfiguration(
                problems.stream()
                        .map(Problem::toString)
                        .collect(
                                Collectors.joining(
                                        "\n  ",
                                        "the configuration cannot be put in force:\n  ",
                                        "\nSee: tollbridge check --help")));
    }

    static InvalidConfiguration because(String reason) {
        return new InvalidConfiguration(reason);
    }
}
