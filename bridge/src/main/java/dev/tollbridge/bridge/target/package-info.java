/// What a credential can be minted for, as known at run time: targets by name and by resource.
///
/// Read by `policy`, `mint` and `exchange`. Must not know who may have which.
@NullMarked
package dev.tollbridge.bridge.target;

import org.jspecify.annotations.NullMarked;
