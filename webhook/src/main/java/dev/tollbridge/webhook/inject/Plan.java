package dev.tollbridge.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a pod is to be given: decided from the settings and the names of targets that it asks for,
/// from nothing else in its metadata.
///
/// @param targets name to kind, in the order asked for
/// @param sidecar its image; null where none is needed
/// @param environment of each container
/// @param googleTarget whose `external_account` file is mounted; null where none is
/// @param skipped names of containers that are left alone
record Plan(
        InjectSettings settings,
        Map<String, String> targets,
        @Nullable String sidecar,
        Map<String, String> environment,
        @Nullable String googleTarget,
        Set<String> skipped,
        List<String> warnings) {

    private static final int MOST_TARGETS = 32;

    static Plan of(JsonNode pod, @Nullable InjectSettings settings) {
        if (settings == null) {
            throw new InjectionRefused(
                    "the platform's AdmissionSettings have no `inject`; ask whoever runs the cluster");
        }
        JsonNode annotations = pod.path("metadata").path("annotations");
        Map<String, String> targets =
                targets(annotations.path(Names.TARGETS).asText(), settings.targets());
        boolean files = targets.containsValue("aws") || targets.containsValue("google");
        boolean wanted = "true".equals(annotations.path(Names.SIDECAR_WANTED).asText());
        List<String> warnings = new ArrayList<>();
        String image = null;
        if (wanted || (files && !settings.publiclyTrusted())) {
            image = settings.image();
            if (image == null && wanted) {
                throw new InjectionRefused(
                        Names.SIDECAR_WANTED
                                + " asks for a sidecar, and the AdmissionSettings name no image");
            }
            if (image == null) {
                warnings.add(
                        "tollbridge: SDKs in this pod have to trust the certificate of "
                                + settings.url()
                                + ", which no public authority issues, and the settings name no"
                                + " image for a sidecar");
            }
        }
        if (image != null) {
            safeForSidecar(pod.path("spec"));
        }
        return new Plan(
                settings,
                targets,
                image,
                environment(settings, targets, image != null),
                image == null ? only("google", targets) : null,
                names(annotations.path(Names.SKIPPED).asText()),
                List.copyOf(warnings));
    }

    private static Map<String, String> targets(String asked, Map<String, String> known) {
        Map<String, String> targets = new LinkedHashMap<>();
        for (String name : names(asked)) {
            String kind = known.get(name);
            if (kind == null) {
                throw new InjectionRefused(
                        Names.TARGETS
                                + " asks for '"
                                + clipped(name)
                                + "', which is no target that pods may ask for; there are: "
                                + (known.isEmpty() ? "none" : String.join(", ", known.keySet())));
            }
            targets.put(name, kind);
        }
        if (targets.isEmpty()) {
            throw new InjectionRefused(
                    "it has the label "
                            + Names.INJECT_LABEL
                            + " and no annotation "
                            + Names.TARGETS
                            + " that names a target; there are: "
                            + String.join(", ", known.keySet()));
        }
        if (targets.size() > MOST_TARGETS) {
            throw new InjectionRefused("more than " + MOST_TARGETS + " targets");
        }
        return targets;
    }

    private static String clipped(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9.-]", "?");
        return plain.length() > 63 ? plain.substring(0, 63) + "..." : plain;
    }

    private static Set<String> names(String list) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : list.split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    private static void safeForSidecar(JsonNode spec) {
        boolean windows =
                "windows".equals(spec.path("os").path("name").asText())
                        || "windows"
                                .equals(
                                        spec.path("nodeSelector")
                                                .path("kubernetes.io/os")
                                                .asText());
        if (windows) {
            throw new InjectionRefused("the sidecar it needs does not run on Windows");
        }
        if (spec.path("hostNetwork").asBoolean(false)) {
            throw new InjectionRefused(
                    "it needs a sidecar and has hostNetwork: the sidecar's loopback endpoint would be"
                            + " the node's, within reach of every process there");
        }
    }

    private static Map<String, String> environment(
            InjectSettings settings, Map<String, String> targets, boolean sidecar) {
        Map<String, String> environment = new LinkedHashMap<>();
        String aws = one("aws", targets, sidecar);
        if (aws != null) {
            String base = sidecar ? "http://" + Names.SIDECAR_ADDRESS : settings.url();
            environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", base + "/aws/" + aws);
            environment.put(
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                    sidecar ? Names.BEARER_FILE : Names.TOKEN_FILE);
        }
        String google = one("google", targets, sidecar);
        if (google != null) {
            environment.put(
                    "GOOGLE_APPLICATION_CREDENTIALS",
                    sidecar
                            ? Names.FILES_FOLDER + "/" + google + "/credentials.json"
                            : Names.TOKEN_FOLDER + "/" + Names.GOOGLE_FILE);
        }
        boolean others =
                targets.values().stream()
                        .anyMatch(kind -> !kind.equals("aws") && !kind.equals("google"));
        if (others) {
            environment.put("TOLLBRIDGE_URL", settings.url());
            environment.put("TOLLBRIDGE_TOKEN_FILE", Names.TOKEN_FILE);
        }
        return environment;
    }

    /// An SDK's environment names one target. With a sidecar the others have files of their own.
    private static @Nullable String one(String kind, Map<String, String> targets, boolean sidecar) {
        List<String> names =
                targets.entrySet().stream()
                        .filter(target -> target.getValue().equals(kind))
                        .map(Map.Entry::getKey)
                        .toList();
        if (names.size() > 1 && !sidecar) {
            throw new InjectionRefused(
                    "it asks for several targets of kind "
                            + kind
                            + " ("
                            + String.join(", ", names)
                            + "), and the SDK's environment can name one; the annotation "
                            + Names.SIDECAR_WANTED
                            + ": \"true\" gives each a file of its own");
        }
        return names.isEmpty() ? null : names.getFirst();
    }

    private static @Nullable String only(String kind, Map<String, String> targets) {
        return targets.entrySet().stream()
                .filter(target -> target.getValue().equals(kind))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }
}
