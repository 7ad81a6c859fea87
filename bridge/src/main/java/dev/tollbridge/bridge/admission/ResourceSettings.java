package dev.tollbridge.bridge.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tollbridge.bridge.config.AdmissionSettingsSpec;
import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.DocumentForm;
import dev.tollbridge.bridge.config.DocumentReader;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.ExemptionSpec;
import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.serve.SettingsDocuments;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Settings that are custom resources. Each resource is judged by itself: an exemption or a target
/// that cannot be understood has no effect, and settings that cannot be keep those that were; what
/// is deleted is gone all the same.
public final class ResourceSettings implements SettingsDocuments {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceSettings.class);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final InstantSource clock;
    private final @Nullable String ownNamespace;
    private SortedMap<String, Document<AdmissionSettingsSpec>> good = new TreeMap<>();
    private boolean any;
    private volatile boolean stale;

    /// @param ownNamespace where the webhook runs
    public ResourceSettings(InstantSource clock, @Nullable String ownNamespace) {
        this.clock = clock;
        this.ownNamespace = ownNamespace;
    }

    @Override
    public synchronized @Nullable Rules read(List<String> documents) {
        List<String> problems = new ArrayList<>();
        SortedMap<String, Document<AdmissionSettingsSpec>> settings = new TreeMap<>();
        SortedMap<String, Document<TargetSpec>> targets = new TreeMap<>();
        SortedMap<String, Document<ExemptionSpec>> exemptions = new TreeMap<>();
        boolean understood = true;
        for (String document : documents) {
            Loaded loaded = loaded(document);
            List<String> errors = texts(loaded, Severity.ERROR);
            problems.addAll(errors);
            if (errors.isEmpty()) {
                settings.putAll(loaded.documents().admissionSettings());
                targets.putAll(loaded.documents().targets());
                exemptions.putAll(loaded.documents().exemptions());
            } else if (isSettings(document)) {
                understood = false;
            }
        }
        if (settings.size() > 1) {
            understood = false;
            problems.add("there is one AdmissionSettings, not " + settings.keySet());
        }
        if (!problems.isEmpty()) {
            LOG.error("not all settings can be put in force: {}", String.join("; ", problems));
        }
        stale = !problems.isEmpty();
        if (understood) {
            good = settings;
            any = true;
        }
        return any
                ? AdmissionRules.of(
                        new Documents(new TreeMap<>(), targets, new TreeMap<>(), exemptions, good),
                        ownNamespace)
                : null;
    }

    @Override
    public boolean stale() {
        return stale;
    }

    @Override
    public Checked check(String document) {
        Loaded loaded = loaded(document);
        return new Checked(texts(loaded, Severity.ERROR), texts(loaded, Severity.WARNING));
    }

    private Loaded loaded(String document) {
        DocumentReader reader =
                new DocumentReader(
                        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC),
                        DocumentForm.RESOURCE);
        reader.read("resource", document);
        return reader.loaded();
    }

    private static List<String> texts(Loaded loaded, Severity severity) {
        return loaded.problems().stream()
                .filter(problem -> problem.severity() == severity)
                .map(ResourceSettings::text)
                .toList();
    }

    /// A resource has no lines.
    private static String text(Problem problem) {
        return problem.path()
                + ": "
                + problem.message()
                + (problem.suggestion() == null ? "" : " (" + problem.suggestion() + ")");
    }

    private static boolean isSettings(String document) {
        try {
            return MAPPER.readTree(document).path("kind").asText().equals("AdmissionSettings");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written as JSON is none", e);
        }
    }
}
