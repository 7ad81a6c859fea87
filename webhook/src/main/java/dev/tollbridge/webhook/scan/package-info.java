/// Walks homes, workspaces, unpacked images, manifests and logs, and has `detect` judge what is
/// there; reports as text, JSON and SARIF.
///
/// Called by the command line. Must not decide what is a finding.
@NullMarked
package dev.tollbridge.webhook.scan;

import org.jspecify.annotations.NullMarked;
