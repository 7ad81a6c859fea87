package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Document.Place;
import dev.tollbridge.bridge.config.YamlNode.Mapping;
import dev.tollbridge.bridge.config.YamlNode.Member;
import dev.tollbridge.bridge.config.YamlNode.Scalar;
import dev.tollbridge.bridge.config.YamlText.Duplicate;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads documents from YAML text. For one reading; not for several threads.
public final class DocumentReader {

    /// Twice what a large organisation has.
    public static final int MAX_DOCUMENTS = 500_000;

    private static final List<String> MEMBERS = List.of("apiVersion", "kind", "metadata", "spec");
    private static final Map<String, Kind> KINDS = new HashMap<>();
    private static final Map<Kind, List<String>> FIELDS = new EnumMap<>(Kind.class);

    static {
        for (Kind kind : Kind.values()) {
            KINDS.put(kind.written(), kind);
            FIELDS.put(kind, List.copyOf(Schema.of(kind).fields().keySet()));
        }
    }

    private final LocalDate today;
    private final DocumentForm form;
    private final Problems problems = new Problems();
    private final SortedMap<String, Document<TrustedIssuerSpec>> issuers = new TreeMap<>();
    private final SortedMap<String, Document<TargetSpec>> targets = new TreeMap<>();
    private final SortedMap<String, Document<GrantSpec>> grants = new TreeMap<>();
    private final SortedMap<String, Document<ExemptionSpec>> exemptions = new TreeMap<>();
    private final SortedMap<String, Document<AdmissionSettingsSpec>> settings = new TreeMap<>();
    private final Map<Sightings.Key, Place> seen = new HashMap<>();
    private final Set<Sightings.Key> disabled = new HashSet<>();
    private final Map<String, List<Map<String, MatchForm>>> denied = new HashMap<>();
    private final Set<String> unreadable = new HashSet<>();
    private boolean whole = true;
    private int count;

    /// @param today the UTC date that bounds the end of exemptions
    public DocumentReader(LocalDate today) {
        this(today, DocumentForm.FILE);
    }

    /// @param form where the documents are kept
    public DocumentReader(LocalDate today, DocumentForm form) {
        this.today = today;
        this.form = form;
    }

    /// Adds the documents of one text, in order. Never throws because of what the text holds.
    ///
    /// @param file what problems call the text
    public void read(String file, String text) {
        YamlText.Sink sink =
                new YamlText.Sink() {
                    @Override
                    public void document(YamlNode root, List<Duplicate> duplicates) {
                        if (++count <= MAX_DOCUMENTS) {
                            DocumentReader.this.document(file, root, duplicates);
                        }
                    }

                    @Override
                    public void problem(
                            SchemaRule rule,
                            int line,
                            String message,
                            @Nullable String suggestion) {
                        problems.error(rule, new Place(file, line), "", message, suggestion);
                    }
                };
        if (!YamlText.read(text, sink)) {
            unreadable.add(file);
        }
        if (count > MAX_DOCUMENTS) {
            count = MAX_DOCUMENTS;
            unfinished(new Place(file, 0), "more than " + MAX_DOCUMENTS + " documents");
        }
    }

    /// Says that a file could not be read at all.
    void unreadable(String file, SchemaRule rule, int line, String message) {
        unreadable.add(file);
        problems.error(rule, new Place(file, line), "", message);
    }

    /// Says that more is there than was looked at.
    void unfinished(Place place, String message) {
        whole = false;
        problems.error(SchemaRule.TOO_LARGE, place, "", message);
    }

    /// Says that the directory could not be looked at.
    void unlisted(Place place, String message) {
        whole = false;
        problems.error(SchemaRule.UNREADABLE, place, "", message);
    }

    /// What came of everything read so far.
    public Loaded loaded() {
        return new Loaded(
                new Documents(
                        new TreeMap<>(issuers),
                        new TreeMap<>(targets),
                        new TreeMap<>(grants),
                        new TreeMap<>(exemptions),
                        new TreeMap<>(settings)),
                problems.all(),
                new Sightings(
                        Set.copyOf(seen.keySet()),
                        Set.copyOf(disabled),
                        Map.copyOf(denied),
                        Set.copyOf(unreadable),
                        whole));
    }

    private void document(String file, YamlNode root, List<Duplicate> duplicates) {
        if (!(root instanceof Mapping mapping)) {
            unreadable(
                    file,
                    SchemaRule.NOT_A_DOCUMENT,
                    root.line(),
                    "a document is a mapping of apiVersion, kind, metadata and spec, not "
                            + root.described());
            return;
        }
        int errorsBefore = problems.errors();
        String written = text(mapping.get("kind"));
        Kind kind = written == null ? null : KINDS.get(written);
        String name = name(mapping);
        Report report =
                new Report(
                        problems,
                        file,
                        kind == null
                                ? "document"
                                : name == null ? kind.written() : kind.written() + "/" + name);
        for (Duplicate duplicate : duplicates) {
            report.error(
                    SchemaRule.DUPLICATE_KEY,
                    duplicate.line(),
                    Problems.quoted(duplicate.path()).replace("'", ""),
                    "stands twice in one mapping");
        }
        envelope(mapping, kind, written, report);
        Values metadata = metadata(mapping, report);
        Values spec = kind == null ? null : spec(mapping, kind, report);
        if (kind == null || name == null) {
            unreadable.add(file);
            return;
        }
        Sightings.Key key = new Sightings.Key(kind, name);
        Place place = new Place(file, mapping.line());
        Place first = seen.putIfAbsent(key, place);
        if (first != null) {
            report.error(
                    SchemaRule.DUPLICATE_NAME,
                    mapping.line(),
                    "metadata.name",
                    "there is another " + key + " at " + first,
                    "rename one of the two");
        }
        takesAway(key, mapping, duplicates, spec);
        if (spec != null && metadata != null) {
            check(kind, spec, report);
            if (problems.errors() == errorsBefore) {
                add(kind, name, metadata, spec, place);
            }
        }
    }

    private static @Nullable String text(@Nullable YamlNode node) {
        return node instanceof Scalar scalar && scalar.type() == Scalar.Type.TEXT
                ? scalar.text()
                : null;
    }

    /// @return null when it is not there or no name
    private static @Nullable String name(Mapping document) {
        String name =
                document.get("metadata") instanceof Mapping metadata
                        ? text(metadata.get("name"))
                        : null;
        try {
            return name == null ? null : Checks.name(name);
        } catch (Format.Invalid e) {
            return null;
        }
    }

    private static void envelope(
            Mapping document, @Nullable Kind kind, @Nullable String written, Report report) {
        for (Member entry : document.entries()) {
            if (!MEMBERS.contains(entry.name().text())) {
                report.error(
                        SchemaRule.UNKNOWN_FIELD,
                        entry.name().line(),
                        "",
                        "unknown field " + Problems.quoted(entry.name().text()),
                        Suggestion.of(entry.name().text(), MEMBERS));
            }
        }
        YamlNode version = document.get("apiVersion");
        if (!Schema.API_VERSION.equals(text(version))) {
            report.error(
                    SchemaRule.API_VERSION,
                    version == null ? document.line() : version.line(),
                    "apiVersion",
                    version == null ? "is missing" : "is not one this version knows",
                    "write apiVersion: " + Schema.API_VERSION);
        }
        if (kind == null) {
            YamlNode node = document.get("kind");
            List<String> known = Arrays.stream(Kind.values()).map(Kind::written).toList();
            report.error(
                    SchemaRule.UNKNOWN_KIND,
                    node == null ? document.line() : node.line(),
                    "kind",
                    (written == null ? "must be" : Problems.quoted(written) + " is not")
                            + " one of "
                            + String.join(", ", known),
                    written == null ? null : Suggestion.of(written, known));
        }
    }

    private @Nullable Values metadata(Mapping document, Report report) {
        return document.get("metadata") instanceof Mapping metadata
                ? new ShapeReader(report, form).read(metadata, Schema.METADATA, "metadata")
                : missing(document, "metadata", "metadata: {name: my-document}", report);
    }

    private @Nullable Values spec(Mapping document, Kind kind, Report report) {
        return document.get("spec") instanceof Mapping spec
                ? new ShapeReader(report, form).read(spec, Schema.of(kind), "spec")
                : missing(document, "spec", "spec: {...}", report);
    }

    private static @Nullable Values missing(
            Mapping document, String member, String example, Report report) {
        YamlNode node = document.get(member);
        if (node == null) {
            report.error(
                    SchemaRule.MISSING_FIELD,
                    document.line(),
                    member,
                    "is missing",
                    "write " + example);
        } else {
            report.error(
                    SchemaRule.WRONG_TYPE,
                    node.line(),
                    member,
                    "must be a mapping, not " + node.described());
        }
        return null;
    }

    private void takesAway(
            Sightings.Key key,
            Mapping document,
            List<Duplicate> duplicates,
            @Nullable Values spec) {
        YamlNode enabled =
                document.get("spec") instanceof Mapping written ? written.get("enabled") : null;
        // Somebody who writes `enabled: no` or quotes it wants it to stop.
        boolean isTrue =
                enabled instanceof Scalar scalar
                        && scalar.type() == Scalar.Type.BOOLEAN
                        && Character.toLowerCase(scalar.text().charAt(0)) == 't';
        boolean twice = duplicates.stream().anyMatch(d -> d.path().equals("spec.enabled"));
        if ((enabled != null && !isTrue) || twice) {
            disabled.add(key);
        }
        if (key.kind() == Kind.TRUSTED_ISSUER && spec != null) {
            List<Map<String, MatchForm>> matches = spec.matches("denied");
            if (!matches.isEmpty()) {
                denied.merge(
                        key.name(),
                        matches,
                        (a, b) -> {
                            List<Map<String, MatchForm>> both = new ArrayList<>(a);
                            both.addAll(b);
                            return both;
                        });
            }
        }
    }

    private void check(Kind kind, Values spec, Report report) {
        switch (kind) {
            case TARGET -> TargetChecks.check(spec, report);
            case GRANT -> GrantFields.check(spec, report);
            case EXEMPTION -> WebhookFields.checkExemption(spec, today, report);
            case TRUSTED_ISSUER, ADMISSION_SETTINGS -> {}
        }
    }

    private void add(Kind kind, String name, Values metadata, Values spec, Place place) {
        switch (kind) {
            case TRUSTED_ISSUER ->
                    put(issuers, kind, name, metadata, spec, IssuerFields::spec, place);
            case TARGET -> put(targets, kind, name, metadata, spec, TargetFields::spec, place);
            case GRANT -> put(grants, kind, name, metadata, spec, GrantFields::spec, place);
            case EXEMPTION ->
                    put(exemptions, kind, name, metadata, spec, WebhookFields::exemption, place);
            case ADMISSION_SETTINGS ->
                    put(
                            settings,
                            kind,
                            name,
                            metadata,
                            spec,
                            WebhookFields::admissionSettings,
                            place);
        }
    }

    private static <S extends Spec> void put(
            SortedMap<String, Document<S>> documents,
            Kind kind,
            String name,
            Values metadata,
            Values spec,
            Function<Values, S> built,
            Place place) {
        documents.put(
                name,
                new Document<>(
                        name,
                        metadata.map("labels"),
                        metadata.map("annotations"),
                        built.apply(spec),
                        place,
                        FieldLines.of(FIELDS.getOrDefault(kind, List.of()), spec)));
    }
}
