package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.secret.Secret;

/// For tests of doors that have nothing to do with sessions.
public final class NoSessions implements JobSessions {

    @Override
    public Answered open(ExchangeRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answered resume(SessionRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void end(Secret handle, String by) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean endSession(String session, String by) {
        return session.equals("ses_known");
    }
}
