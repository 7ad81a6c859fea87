package dev.tollbridge.webhook.index;

import org.jspecify.annotations.Nullable;

/// What is known of one Secret or ConfigMap (DESIGN 14, rule 13), and how it changes: a function of
/// what was known and what was seen, so that replicas that see the same come to the same.
///
/// @param before the `resourceVersion` that a write replaced when it made the verdict worse: only
///   content later than that may improve it; empty where none is known
/// @param at the `resourceVersion` of the stored content that was shown last; empty where none was
public record Entry(ObjectVerdict verdict, Standing standing, String before, String at) {

    public static @Nullable Entry after(@Nullable Entry known, Observation seen) {
        return switch (seen) {
            case Observation.Stored shown -> stored(known, shown);
            case Observation.Admitted write -> admitted(known, write);
            // Otherwise whoever may try to write could spoil what is clean.
            case Observation.Refused write ->
                    known == null && !write.verdict().clean()
                            ? new Entry(write.verdict(), Standing.REFUSED, "", "")
                            : known;
            // To forget what is clean makes it unknown, which is never better. What is not clean
            // stays: the deletion may fail.
            case Observation.Deleting _ -> known == null || known.verdict.clean() ? null : known;
            case Observation.Gone _ -> null;
        };
    }

    private static Entry stored(@Nullable Entry known, Observation.Stored shown) {
        String version = shown.resourceVersion();
        if (known == null || known.standing == Standing.REFUSED) {
            return new Entry(shown.verdict(), Standing.STORED, "", version);
        }
        boolean fromBefore =
                !known.before.isEmpty()
                        && !version.isEmpty()
                        && ResourceVersions.compare(version, known.before) <= 0;
        boolean older =
                !known.at.isEmpty()
                        && !version.isEmpty()
                        && ResourceVersions.compare(version, known.at) < 0;
        if (fromBefore || older) {
            // Shown is what was there before the write that made it worse, which may still land.
            return new Entry(
                    known.verdict.worsenedBy(shown.verdict()),
                    known.standing,
                    known.before,
                    known.at);
        }
        return new Entry(shown.verdict(), Standing.STORED, "", version);
    }

    private static Entry admitted(@Nullable Entry known, Observation.Admitted write) {
        if (known == null || known.standing == Standing.REFUSED) {
            return new Entry(write.verdict(), Standing.ADMITTED, write.replaces(), "");
        }
        ObjectVerdict worse = known.verdict.worsenedBy(write.verdict());
        if (worse.equals(known.verdict)) {
            return known;
        }
        return new Entry(
                worse,
                Standing.ADMITTED,
                ResourceVersions.later(write.replaces(), known.at),
                known.at);
    }

    public boolean isStored() {
        return standing == Standing.STORED;
    }

    /// Whether others have to hear of the change. Not of a write that was only tried, nor of every
    /// version of something that stays clean: leases are kept in ConfigMaps that change every two
    /// seconds.
    static boolean matters(@Nullable Entry known, @Nullable Entry now) {
        Entry one = worthTelling(known);
        Entry other = worthTelling(now);
        return one == null ? other != null : !one.equals(other);
    }

    private static @Nullable Entry worthTelling(@Nullable Entry entry) {
        if (entry == null || entry.standing == Standing.REFUSED) {
            return null;
        }
        return entry.verdict.clean()
                ? new Entry(entry.verdict, entry.standing, entry.before, "")
                : entry;
    }
}
