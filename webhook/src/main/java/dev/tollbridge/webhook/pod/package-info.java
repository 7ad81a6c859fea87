/// Walks a pod's spec once and lists everything through which a credential can reach a container:
/// literal values, references to Secrets and ConfigMaps, and what nobody can look into.
///
/// Called by `admission`. Must not judge, decide, or know what the references hold.
@NullMarked
package dev.tollbridge.webhook.pod;

import org.jspecify.annotations.NullMarked;
