package dev.tollbridge.bridge.config;

import java.util.Map;

/// One document: `apiVersion`, `kind`, `metadata`, `spec`.
///
/// @param name `metadata.name`: an RFC 1123 label, unique among the documents of its kind
/// @param place where it stands, for messages
public record Document<S extends Spec>(
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        S spec,
        Place place) {

    /// Where something stands in what the user wrote.
    ///
    /// @param file relative to the configuration directory, or the resource's name in a cluster
    /// @param line from 1; 0 when there is none
    public record Place(String file, int line) {
        @Override
        public String toString() {
            return line > 0 ? file + ":" + line : file;
        }
    }
}
