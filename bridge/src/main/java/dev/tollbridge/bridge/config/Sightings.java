package dev.tollbridge.bridge.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What could be made out in a configuration even where it was refused: enough to tell what it
/// takes away.
///
/// @param documents every document whose kind and name could be read, sound or not
/// @param disabled those among them whose `enabled` is written and is not `true`
/// @param denied for each trusted issuer the entries of `denied` that could be read
/// @param unreadable files of which some part could not be attributed to a document: what is
///   missing from them has not been deleted
/// @param whole whether everything under the directory was looked at; if not, nothing that is
///   missing has been deleted
public record Sightings(
        Set<Key> documents,
        Set<Key> disabled,
        Map<String, List<Map<String, MatchForm>>> denied,
        Set<String> unreadable,
        boolean whole) {

    public static final Sightings NONE =
            new Sightings(Set.of(), Set.of(), Map.of(), Set.of(), true);

    public record Key(Kind kind, String name) {
        @Override
        public String toString() {
            return kind.written() + "/" + name;
        }
    }
}
