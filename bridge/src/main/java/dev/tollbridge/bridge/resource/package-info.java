/// Documents as custom resources: watched, read into the same records as files, and told what
/// became of them.
///
/// Called by the wiring. Knows the Kubernetes client; must not know rules, exchanges or HTTP.
@NullMarked
package dev.tollbridge.bridge.resource;

import org.jspecify.annotations.NullMarked;
