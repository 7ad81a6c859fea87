package dev.tollbridge.webhook.serve;

import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.approval.DocumentCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads settings that are custom resources. The webhook does not know documents.
public interface SettingsDocuments extends DocumentCheck {

    /// @param documents all there are, JSON
    /// @return null where the settings among them cannot be put in force: what was stays. An
    ///   exemption that cannot be understood has no effect and spoils nothing else
    @Nullable Rules read(List<String> documents);

    /// Whether the last that was read could not be put in force, or not all of it.
    boolean stale();
}
