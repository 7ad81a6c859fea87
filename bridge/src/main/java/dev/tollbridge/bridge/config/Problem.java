package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Document.Place;
import org.jspecify.annotations.Nullable;

/// Something wrong or dangerous in what was written.
///
/// @param rule stable id: of the schema (`unknown-field`, `wrong-type`, ...) or of a danger rule;
///   has a documentation page
/// @param path where inside the document, such as `Grant/payments-deploy spec.match.ref`
/// @param message one sentence that says what is wrong
/// @param suggestion what to write instead, or null
public record Problem(
        Severity severity,
        String rule,
        Place place,
        String path,
        String message,
        @Nullable String suggestion) {

    public enum Severity {
        /// The configuration is refused.
        ERROR,
        /// Said loudly, loaded all the same.
        WARNING
    }

    /// The document it is about, as `Grant/payments-deploy`; empty: about none.
    public String about() {
        int end = path.indexOf(' ');
        return end < 0 ? path : path.substring(0, end);
    }

    /// Where inside the document it is, as `spec.match.ref`; empty: all of it.
    public String inside() {
        int end = path.indexOf(' ');
        return end < 0 ? "" : path.substring(end + 1);
    }

    @Override
    public String toString() {
        return place
                + ": "
                + (path.isEmpty() ? "" : path + ": ")
                + message
                + (suggestion == null ? "" : " (" + suggestion + ")")
                + " ["
                + rule
                + "]";
    }
}
