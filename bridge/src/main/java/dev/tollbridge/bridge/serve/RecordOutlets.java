package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchRules;
import dev.tollbridge.bridge.fetch.FetchUrl;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.outlet.HttpOutlet;
import dev.tollbridge.bridge.outlet.LinesOutlet;
import dev.tollbridge.bridge.outlet.OutletCursor;
import dev.tollbridge.bridge.outlet.OutletPump;
import dev.tollbridge.bridge.outlet.Outlets;
import dev.tollbridge.bridge.outlet.RecordOutlet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes the outlets that were asked for, and connects them with the record.
record RecordOutlets(
        Path data,
        FileLedger ledger,
        Fetcher fetcher,
        AllowedEndpoints endpoints,
        BridgeMetrics metrics) {

    Outlets of(AuditSettings settings) throws IOException {
        List<OutletPump> pumps = new ArrayList<>();
        if (settings.stdout()) {
            pumps.add(pump("stdout", new LinesOutlet(System.out)));
        }
        if (settings.webhook() != null) {
            pumps.add(
                    pump(
                            "webhook",
                            http("--audit-webhook", settings.webhook(), HttpOutlet.Form.NDJSON)));
        }
        if (settings.otlp() != null) {
            pumps.add(pump("otlp", http("--audit-otlp", settings.otlp(), HttpOutlet.Form.OTLP)));
        }
        Outlets outlets = new Outlets(pumps);
        if (!pumps.isEmpty()) {
            ledger.alsoRefused(outlets::offer);
        }
        return outlets;
    }

    private OutletPump pump(String name, RecordOutlet outlet) throws IOException {
        OutletCursor cursor =
                OutletCursor.open(data.resolve("outlets"), name, ledger.head(), System::nanoTime);
        OutletPump pump =
                new OutletPump(
                        name,
                        ledger.tail(cursor.last()),
                        outlet,
                        cursor,
                        () -> ledger.head().seq());
        metrics.outletGauge(
                "tollbridge.audit.outlet.behind",
                "Lines of the record that an outlet has not taken yet",
                name,
                pump::behind);
        metrics.outletGauge(
                "tollbridge.audit.outlet.dropped",
                "Lines that an outlet will never get, since start",
                name,
                pump::dropped);
        metrics.outletGauge(
                "tollbridge.audit.outlet.failures",
                "Attempts to reach an outlet that failed, since start",
                name,
                pump::failures);
        return pump;
    }

    /// The bridge's own addresses and metadata services are no outlets, unless they were allowed by
    /// name.
    private HttpOutlet http(String option, AuditSettings.Endpoint asked, HttpOutlet.Form form) {
        try {
            AllowedEndpoints.Endpoint endpoint =
                    endpoints.contains(asked.url())
                            ? endpoints.named(asked.url())
                            : new AllowedEndpoints.Endpoint(
                                    FetchUrl.parse(asked.url()), FetchRules.DEFAULT);
            return new HttpOutlet(fetcher, endpoint, form, asked.tokenFile());
        } catch (FetchFailure e) {
            throw InvalidConfiguration.because(option + ": " + e.getMessage());
        }
    }
}
