/// What the API server is told of the webhook: configurations generated from the settings, so that
/// failing closed ends where enforcing does.
///
/// Called by the command line, which prints them, and by `cluster`, which applies them. Must not
/// know the cluster.
@NullMarked
package dev.tollbridge.webhook.registration;

import org.jspecify.annotations.NullMarked;
