/// What minters of providers share: how a request to a provider can end, in the words of {@link
/// dev.tollbridge.bridge.mint.MintFailure}, and how an OAuth token endpoint answers.
///
/// Used by the minters. Knows no kind of target and no provider by name.
@NullMarked
package dev.tollbridge.bridge.mint.provider;

import org.jspecify.annotations.NullMarked;
