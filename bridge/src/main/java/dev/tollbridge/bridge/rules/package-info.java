/// The rules in force: documents compiled into one immutable value, swapped when they change, kept
/// when an edit is bad, and always less what somebody took away.
///
/// Read by `exchange` and by the commands that judge a configuration. Of tokens it knows only which
/// keys are admitted. Must not know the network or HTTP.
@NullMarked
package dev.tollbridge.bridge.rules;

import org.jspecify.annotations.NullMarked;
