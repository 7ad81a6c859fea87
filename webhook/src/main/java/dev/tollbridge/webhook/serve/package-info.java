/// The wiring: {@link dev.tollbridge.webhook.serve.Webhook} makes every part, once, in order.
///
/// Called by the command line and tests. The one package that may know all others; decides nothing.
@NullMarked
package dev.tollbridge.webhook.serve;

import org.jspecify.annotations.NullMarked;
