/// From the documents `AdmissionSettings`, `Exemption` and `Target` to what the webhook goes by,
/// and the file that they stand in.
///
/// Called by the command line and the demo. The webhook does not know documents, and nothing else
/// here knows the webhook.
@NullMarked
package dev.tollbridge.bridge.admission;

import org.jspecify.annotations.NullMarked;
