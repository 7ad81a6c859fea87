/// Judges writes of the webhook's own documents, where they are custom resources: settings that
/// cannot be understood are refused, and an exemption is approved by who makes it.
///
/// Called by the wiring, in front of `admission`. Who may approve is asked through a port: the one
/// question that is put to somebody while a review is answered. Must not know the cluster.
@NullMarked
package dev.tollbridge.webhook.approval;

import org.jspecify.annotations.NullMarked;
