/// Who is believed: the shipped presets (facts about token issuers, as data) and the trusted
/// issuers made of them and of what users wrote.
///
/// Called by `token`, `policy` and `exchange`. Must not know tokens beyond `iss` and `aud`, nor
/// grants, nor the network.
@NullMarked
package dev.tollbridge.bridge.issuer;

import org.jspecify.annotations.NullMarked;
