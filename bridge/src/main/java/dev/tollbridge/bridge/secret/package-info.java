/// Values that must not be seen: subject tokens, minted credentials, handles, private keys.
///
/// Anyone may hold a {@link dev.tollbridge.bridge.secret.Secret}; few may reveal one, and an
/// architecture test names them. Must not know what any secret is for.
@NullMarked
package dev.tollbridge.bridge.secret;

import org.jspecify.annotations.NullMarked;
