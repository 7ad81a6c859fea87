/// Says which sign-in fits where something runs: a matrix of runtime classes and tools, as data.
///
/// Called by the command line and linked from findings. Must not know content, files or clusters.
@NullMarked
package dev.tollbridge.webhook.advise;

import org.jspecify.annotations.NullMarked;
