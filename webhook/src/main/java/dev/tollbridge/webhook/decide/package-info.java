/// From what was found to what is done about it: modes by namespace, exemptions, what cannot be
/// inspected, and the words for whoever is refused.
///
/// Called by `admission`. Must not know pods, reviews or the cluster: it sees concerns and
/// settings.
@NullMarked
package dev.tollbridge.webhook.decide;

import org.jspecify.annotations.NullMarked;
