/// The listeners: `/validate` and `/mutate` over TLS, and the management port.
///
/// Called by the wiring. The only package that knows Vert.x. Decides nothing and never logs a body.
@NullMarked
package dev.tollbridge.webhook.http;

import org.jspecify.annotations.NullMarked;
