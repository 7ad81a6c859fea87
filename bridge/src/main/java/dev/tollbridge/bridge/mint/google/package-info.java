/// Mints Google access tokens: workload identity federation, a service account, an access boundary.
///
/// The requests are built and the answers read by Google's library; it gets one transport, which
/// asks one endpoint by the bridge's own way out. It is given no other, and no credential of the
/// machine the bridge runs on.
@NullMarked
package dev.tollbridge.bridge.mint.google;

import org.jspecify.annotations.NullMarked;
