/// Installation tokens of a GitHub App: for named repositories and permissions, for one hour, ended
/// at GitHub when told to.
///
/// The App's private key is the one secret of a provider that the bridge holds: GitHub takes no
/// federated token for an App.
@NullMarked
package dev.tollbridge.bridge.mint.github;

import org.jspecify.annotations.NullMarked;
