/// What the other side must be told before a target works: trust policies, pools, RBAC.
///
/// Called by the command line. Knows targets; asks no provider and no bridge. One class per kind,
/// listed in {@link dev.tollbridge.bridge.setup.TargetSetups}.
@NullMarked
package dev.tollbridge.bridge.setup;

import org.jspecify.annotations.NullMarked;
