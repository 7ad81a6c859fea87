package dev.tollbridge.bridge.config;

import java.util.Map;

/// One document: `apiVersion`, `kind`, `metadata`, `spec`.
///
/// @param name `metadata.name`: an RFC 1123 label, unique among the documents of its kind
/// @param place where it stands, for messages
/// @param fields where the fields of its `spec` stand
public record Document<S extends Spec>(
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        S spec,
        Place place,
        FieldLines fields) {

    /// A document that was not read from text.
    public Document(
            String name,
            Map<String, String> labels,
            Map<String, String> annotations,
            S spec,
            Place place) {
        this(name, labels, annotations, spec, place, FieldLines.NONE);
    }

    /// Where something of the document stands: the line of the field of `spec` that it is in, or
    /// the document's first line where that field is not written.
    ///
    /// @param path such as `spec.preset` or `spec.allow[0].target`
    public Place at(String path) {
        int line = fields.lineOf(path);
        return line > 0 ? new Place(place.file(), line) : place;
    }

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
