package dev.tollbridge.bridge.session;

/// Who counts what happens to sessions.
public interface SessionObserver {

    SessionObserver NONE =
            new SessionObserver() {
                @Override
                public void opened() {}

                @Override
                public void ended(SessionEnd why) {}

                @Override
                public void alarm(Alarm what) {}
            };

    /// What happens to no session whose handle nobody else has.
    enum Alarm {
        /// A handle of an earlier answer came again.
        REPLAYED,
        /// The handle is right, the key is not the session's.
        OTHER_KEY,
        /// The handle came without a proof of any key.
        NO_KEY,
        /// A handle came after its session had ended.
        AFTER_END
    }

    void opened();

    void ended(SessionEnd why);

    void alarm(Alarm what);
}
