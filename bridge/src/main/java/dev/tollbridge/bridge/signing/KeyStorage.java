package dev.tollbridge.bridge.signing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a keyring's entries are kept: a folder, or something that several bridges reach.
///
/// There are no locks to hold: a change is made of what was read, and stored only if that is still
/// what is there. Whoever was too late reads again.
public interface KeyStorage {

    /// The names of all entries: the keys of each issuer, and the handle key. What is stored under
    /// any other name is not the bridge's.
    Set<String> ENTRIES = Set.of("bridge.json", "federation.json", "handle.key");

    /// Bytes of an entry: keys are a few kilobytes, and there are a few of them.
    int LONGEST_ENTRY = 256 * 1024;

    /// Differs whenever an entry was replaced; null: nothing is there. Cheap enough to be asked
    /// every second.
    ///
    /// @throws KeyringUnavailable when that cannot be told
    @Nullable String version();

    /// Everything that is there; nothing at all before the first start.
    ///
    /// @throws KeyringUnavailable when it cannot be read, or is not the bridge's
    Kept read();

    /// Stores entries, all or none, if what is there is still what was seen.
    ///
    /// @param seen what {@link #read} gave
    /// @return what is there now; empty: somebody changed it meanwhile
    /// @throws KeyringUnavailable when it cannot be written. It may have been all the same
    Optional<Kept> replace(Kept seen, Map<String, byte[]> changed);

    /// What an entry is called in messages.
    String place(String entry);

    /// Entries of one moment.
    ///
    /// @param version as {@link #version} gives it, or an older one
    record Kept(Map<String, byte[]> entries, @Nullable String version) {

        public Kept {
            entries = Map.copyOf(entries);
        }

        /// As it would be with these.
        Kept with(Map<String, byte[]> changed) {
            Map<String, byte[]> all = new HashMap<>(entries);
            all.putAll(changed);
            return new Kept(all, version);
        }

        /// Whether both hold the same bytes.
        boolean sameEntries(Kept other) {
            return entries.keySet().equals(other.entries.keySet())
                    && entries.entrySet().stream()
                            .allMatch(entry ->
                                    Arrays.equals(
                                            entry.getValue(), other.entries.get(entry.getKey())));
        }

        /// The entries hold private keys.
        @Override
        public String toString() {
            return "Kept" + entries.keySet();
        }
    }
}
