/// What users write: the five document kinds as records, read from a directory, with every problem
/// named by file, line, path and rule.
///
/// Anyone may read the records. Imports no other package of the bridge: what a document means is
/// for `issuer`, `policy` and `mint` to say.
@NullMarked
package dev.tollbridge.bridge.config;

import org.jspecify.annotations.NullMarked;
