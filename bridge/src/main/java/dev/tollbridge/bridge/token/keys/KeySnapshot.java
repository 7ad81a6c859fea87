package dev.tollbridge.bridge.token.keys;

/// A key set as it was at one moment. Times are milliseconds since the epoch, because they are
/// compared for every token.
///
/// @param fetchedAt when the fetch that brought it began
/// @param freshUntil until then it is used without a second look
/// @param believedUntil from then on it is not used
record KeySnapshot(AdmittedKeys keys, long fetchedAt, long freshUntil, long believedUntil) {

    static final KeySnapshot NONE = new KeySnapshot(AdmittedKeys.NONE, 0, 0, 0);

    boolean fresh(long now) {
        return now < freshUntil;
    }

    boolean believed(long now) {
        return now < believedUntil;
    }
}
