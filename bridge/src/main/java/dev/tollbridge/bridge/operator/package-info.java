/// Who may use the doors that are not for everybody, and for what.
///
/// Known by `http`, which asks, and by `cluster`, which answers for Kubernetes. Must not know
/// either: neither HTTP nor the Kubernetes API has a word here.
@NullMarked
package dev.tollbridge.bridge.operator;

import org.jspecify.annotations.NullMarked;
