package dev.tollbridge.bridge.fetch;

/// There is no answer that may be used. The message is for the operator: it names the host and what
/// happened, never a header, a body or a credential.
public final class FetchFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public FetchFailure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? kind.name() : message;
    }

    public enum Kind {
        /// Not an acceptable URL.
        URL_REFUSED(false),
        /// The name does not resolve.
        NAME_UNRESOLVED(false),
        /// The name resolves to an address that may not be connected to.
        ADDRESS_REFUSED(false),
        /// No connection, or no trusted one.
        CONNECT_FAILED(false),
        /// The server's certificate is not trusted or is for another name.
        TLS_FAILED(false),
        /// Too many requests to this host are under way.
        OVERLOADED(false),
        /// The deadline passed; the request may have arrived.
        TIMED_OUT(true),
        /// The connection broke after the request was sent.
        CONNECTION_LOST(true),
        /// The answer is larger than allowed.
        TOO_LARGE(true),
        /// The answer is a redirect, which is never followed.
        REDIRECTED(true),
        /// The answer is not HTTP that can be read.
        ANSWER_MALFORMED(true);

        private final boolean mayHaveArrived;

        Kind(boolean mayHaveArrived) {
            this.mayHaveArrived = mayHaveArrived;
        }

        /// Whether the server may have seen the request: false means that sending again repeats
        /// nothing.
        public boolean mayHaveArrived() {
            return mayHaveArrived;
        }
    }
}
