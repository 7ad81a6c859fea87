package dev.tollbridge.webhook.index;

import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
    private final int most;

    /// @param stored whether this content was seen to be stored, and not only admitted
    /// @param before the `resourceVersion` that a write replaced when it made the verdict worse;
    ///   empty where none is known
    public record Entry(ObjectVerdict verdict, boolean stored, String before) {}

    public VerdictIndex() {
        this(MOST);
    }

    VerdictIndex(int most) {
        this.most = most;
    }

    /// What is known; null: nothing.
    public synchronized @Nullable Entry of(StoredName name) {
        Entry found = telling.get(name);
        return found == null ? clean.get(name) : found;
    }

    /// Stored content was shown.
    ///
    /// @param resourceVersion of that content; empty where it has none
    public synchronized void stored(
            StoredName name, ObjectVerdict verdict, String resourceVersion) {
        Entry known = of(name);
        if (known != null && !isLater(resourceVersion, known.before())) {
            // Shown is what was there before the write that made it worse, which may still land.
            put(name, known.verdict().worsenedBy(verdict), known.stored(), known.before());
            return;
        }
        put(name, verdict, true, "");
    }

    /// A write was admitted; it may or may not be stored.
    ///
    /// @param replaces the `resourceVersion` of the content it replaces; empty for a new object
    public synchronized void admitted(StoredName name, ObjectVerdict verdict, String replaces) {
        Entry known = of(name);
        if (known == null) {
            put(name, verdict, false, replaces);
            return;
        }
        ObjectVerdict worse = known.verdict().worsenedBy(verdict);
        boolean worsened = !worse.equals(known.verdict());
        put(name, worse, known.stored() && !worsened, worsened ? replaces : known.before());
    }

    /// A write was refused, so it is not stored. It only tells something where nothing was known:
    /// otherwise whoever may try to write could spoil what is clean.
    public synchronized void refused(StoredName name, ObjectVerdict verdict) {
        if (of(name) == null && !verdict.clean()) {
            put(name, verdict, false, "");
        }
    }

    /// It is certainly not there any more: the sweep says so, not the request to delete it.
    public synchronized void gone(StoredName name) {
        clean.remove(name);
        telling.remove(name);
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

    private void put(StoredName name, ObjectVerdict verdict, boolean stored, String before) {
        gone(name);
        (verdict.clean() ? clean : telling).put(name, new Entry(verdict, stored, before));
        while (size() > most) {
            Iterator<StoredName> oldest = (clean.isEmpty() ? telling : clean).keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /// Resource versions are decimal and grow (Kubernetes 1.35 promises it; etcd did before). Where
    /// one is missing there is nothing to compare, and what is shown is believed.
    private static boolean isLater(String shown, String before) {
        if (before.isEmpty() || shown.isEmpty()) {
            return true;
        }
        return shown.length() == before.length()
                ? shown.compareTo(before) > 0
                : shown.length() > before.length();
    }
}
