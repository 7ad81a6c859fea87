package dev.tollbridge.bridge.http;

/// A path's rules, and its door.
///
/// @param name of the door in records and metrics
record Route(String name, Takes takes, Door door) {

    /// What requests look like. A query is never part of one, except where it says so.
    enum Takes {
        GET,
        GET_WITH_QUERY,
        /// A GET that has an effect: HEAD would have it too, and be told nothing.
        GET_ALONE,
        FORM,
        JSON,
        FORM_OR_JSON,
        /// A POST whose body, if any, means nothing.
        POST;

        boolean reads() {
            return this == GET || this == GET_WITH_QUERY || this == GET_ALONE;
        }

        boolean form() {
            return this == FORM || this == FORM_OR_JSON;
        }

        boolean json() {
            return this == JSON || this == FORM_OR_JSON;
        }

        String allow() {
            return this == GET_ALONE ? "GET" : reads() ? "GET, HEAD" : "POST";
        }
    }
}
