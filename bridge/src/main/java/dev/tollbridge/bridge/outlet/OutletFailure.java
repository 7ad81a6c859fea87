package dev.tollbridge.bridge.outlet;

/// Lines did not arrive.
public final class OutletFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /// Whether the same lines may arrive when they are sent again.
    private final boolean passing;

    private OutletFailure(String message, boolean passing) {
        super(message, null, false, false);
        this.passing = passing;
    }

    /// They may arrive later.
    public static OutletFailure passing(String message) {
        return new OutletFailure(message, true);
    }

    /// It does not take these lines, whenever they come: too many, too large, or a form it does not
    /// know.
    public static OutletFailure notTaken(String message) {
        return new OutletFailure(message, false);
    }

    boolean isPassing() {
        return passing;
    }
}
