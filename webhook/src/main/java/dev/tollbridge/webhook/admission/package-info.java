/// The use case: what is asked of the API server, judged and decided, and what is remembered of it.
///
/// Called by `http`. Makes no call to anybody: what it needs to know is in the request, in memory,
/// or unknown. Must not know HTTP or the Kubernetes client.
@NullMarked
package dev.tollbridge.webhook.admission;

import org.jspecify.annotations.NullMarked;
