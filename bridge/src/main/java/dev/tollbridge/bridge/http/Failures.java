package dev.tollbridge.bridge.http;

/// Describes what went wrong without saying what it was about: an exception's message may hold what
/// the caller sent.
final class Failures {

    private static final int FRAMES = 6;
    private static final int CAUSES = 4;

    private Failures() {}

    static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(256);
        Throwable here = failure;
        for (int cause = 0; here != null && cause < CAUSES; cause++) {
            if (cause > 0) {
                text.append(", caused by ");
            }
            text.append(here.getClass().getName());
            StackTraceElement[] frames = here.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
                text.append(i == 0 ? " at " : " < ")
                        .append(frames[i].getClassName())
                        .append('.')
                        .append(frames[i].getMethodName())
                        .append(':')
                        .append(frames[i].getLineNumber());
            }
            here = here.getCause();
        }
        return text.toString();
    }
}
