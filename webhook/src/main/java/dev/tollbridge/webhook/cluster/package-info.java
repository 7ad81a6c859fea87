/// Everything that asks or tells the API server: the webhook's registration, its certificate's
/// Secret, and the sweep. Never while a review is answered.
///
/// Called by the wiring. The only package that knows the Kubernetes client. Decides nothing.
@NullMarked
package dev.tollbridge.webhook.cluster;

import org.jspecify.annotations.NullMarked;
