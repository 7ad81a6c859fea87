package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.session.SessionEnd;
import dev.tollbridge.bridge.session.SessionObserver;
import java.util.Locale;

/// What happens to sessions, as metrics.
record CountedSessions(BridgeMetrics metrics) implements SessionObserver {

    @Override
    public void opened() {
        metrics.sessionOpened();
    }

    @Override
    public void ended(SessionEnd why) {
        metrics.sessionEnded(why.code());
    }

    @Override
    public void alarm(Alarm what) {
        metrics.sessionAlarm(what.name().toLowerCase(Locale.ROOT));
    }
}
