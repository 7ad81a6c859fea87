/// Access tokens of Microsoft Entra ID, for an application that trusts the bridge's federation
/// issuer. Nothing secret of Azure's is stored.
@NullMarked
package dev.tollbridge.bridge.mint.azure;

import org.jspecify.annotations.NullMarked;
