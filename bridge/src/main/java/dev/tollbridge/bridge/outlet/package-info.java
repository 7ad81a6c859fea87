/// Where the record goes besides its files: standard output, a webhook, an OpenTelemetry collector.
///
/// Reads what is durable, at its own pace and on threads of its own: nothing here can hold up an
/// exchange, and an outlet that is away is caught up with from the files. Knows neither the
/// exchange nor the ledger.
@NullMarked
package dev.tollbridge.bridge.outlet;

import org.jspecify.annotations.NullMarked;
