/// Recognises what a person's interactive login leaves behind: in the content of a file or a
/// Secret's key, in an environment variable, in a mounted path, in a command.
///
/// Called by `admission` for what a pod would see and by `scan` for files. Detectors are data; one
/// engine evaluates them. Must not know Kubernetes objects, modes, exemptions, the file system or
/// the network, and must never let a value out: a finding holds a keyed fingerprint.
@NullMarked
package dev.tollbridge.webhook.detect;

import org.jspecify.annotations.NullMarked;
