/// The caller's side: what a command that talks to a bridge over HTTP needs.
///
/// Called by the command line and the demo. Must not know how the bridge works inside: what it
/// knows is what `docs/http-api.md` says.
@NullMarked
package dev.tollbridge.bridge.client;

import org.jspecify.annotations.NullMarked;
