/// Job sessions: what lets a long job refresh without the power to get tokens for other audiences
/// (DESIGN 14, rule 12). The rules are in `Sessions` and `SessionState`, once; a `SessionStore`
/// keeps what they decide.
///
/// Called by `exchange`, which decides, and by the door that revokes. Knows handles, keys by their
/// thumbprints and what was given; must not know tokens, policy, minting or HTTP.
@NullMarked
package dev.tollbridge.bridge.session;

import org.jspecify.annotations.NullMarked;
