/// What is known of the Secrets and ConfigMaps that pods refer to: findings by key, never a value.
///
/// Filled by `admission` at write time and by the sweep; asked at pod time. Must not know pods,
/// modes or the cluster.
@NullMarked
package dev.tollbridge.webhook.index;

import org.jspecify.annotations.NullMarked;
