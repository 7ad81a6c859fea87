/// The one guarded way out: https only, no redirects, the address checked where it is connected to,
/// bounded in time and size.
///
/// Used for keys and discovery documents, and by minters for their providers. Must not know what it
/// fetches.
@NullMarked
package dev.tollbridge.bridge.fetch;

import org.jspecify.annotations.NullMarked;
