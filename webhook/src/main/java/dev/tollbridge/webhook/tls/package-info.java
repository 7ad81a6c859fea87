/// The webhook's own certificates: an authority and what it issues, made, kept and renewed.
///
/// Called by the wiring. Must not know what is served with them.
@NullMarked
package dev.tollbridge.webhook.tls;

import org.jspecify.annotations.NullMarked;
