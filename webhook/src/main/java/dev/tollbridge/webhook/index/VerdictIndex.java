package dev.tollbridge.webhook.index;

import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The verdicts on Secrets and ConfigMaps, in memory (DESIGN 14, rule 13).
///
/// A verdict worsens at once: with the first request that would make it so. It improves only when
/// stored content is shown clean, by the `oldObject` of a later request or by the sweep: that a
/// clean object was admitted does not mean that it was stored. A request may fail after it was
/// admitted, be a CREATE of what exists already, or lose a race.
///
/// Bounded. When it is full, what has been clean for longest is forgotten first; what was forgotten
/// is unknown, and handled as such.
public final class VerdictIndex {

    /// Some 100 bytes each where there is nothing to say.
    public static final int MOST = 500_000;

    private final Map<StoredName, Entry> clean = new LinkedHashMap<>();
    private final Map<StoredName, Entry> telling = new LinkedHashMap<>();
    private final VerdictJournal journal;
    private final int most;

    /// Known to nobody else.
    public VerdictIndex() {
        this((_, _) -> {});
    }

    public VerdictIndex(VerdictJournal journal) {
        this(journal, MOST);
    }

    VerdictIndex(VerdictJournal journal, int most) {
        this.journal = journal;
        this.most = most;
    }

    /// What is known; null: nothing.
    public synchronized @Nullable Entry of(StoredName name) {
        Entry found = telling.get(name);
        return found == null ? clean.get(name) : found;
    }

    /// Something was seen here.
    public synchronized void saw(StoredName name, Observation seen) {
        Entry known = of(name);
        Entry now = Entry.after(known, seen);
        put(name, now);
        if (Entry.matters(known, now)) {
            journal.changed(name, seen);
        }
    }

    /// Others know something else of it.
    ///
    /// @param shared what is known now, null for nothing; asked while nothing can be seen here
    public synchronized void learnt(StoredName name, Supplier<@Nullable Entry> shared) {
        put(name, shared.get());
    }

    /// Every name of a kind of which something is known now.
    public synchronized Set<StoredName> names(StoredKind kind) {
        Set<StoredName> names = new HashSet<>();
        clean.keySet().stream().filter(name -> name.kind() == kind).forEach(names::add);
        telling.keySet().stream().filter(name -> name.kind() == kind).forEach(names::add);
        return names;
    }

    public synchronized int size() {
        return clean.size() + telling.size();
    }

    /// How many have a finding, or a part that could not be looked into.
    public synchronized int tellingSize() {
        return telling.size();
    }

    private void put(StoredName name, @Nullable Entry entry) {
        clean.remove(name);
        telling.remove(name);
        if (entry == null) {
            return;
        }
        (entry.verdict().clean() ? clean : telling).put(name, entry);
        while (size() > most) {
            Iterator<StoredName> oldest = (clean.isEmpty() ? telling : clean).keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
