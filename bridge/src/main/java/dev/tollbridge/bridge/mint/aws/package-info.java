/// Sessions of AWS roles, by `AssumeRoleWithWebIdentity` with a token of the federation issuer.
///
/// The only package that knows the AWS SDK, which is loaded when the first target of the kind is.
/// Must not know other kinds of target; goes out through {@link
/// dev.tollbridge.bridge.fetch.Fetcher} only.
@NullMarked
package dev.tollbridge.bridge.mint.aws;

import org.jspecify.annotations.NullMarked;
