package dev.tollbridge.sidecar;

import dev.tollbridge.sidecar.handover.TargetFiles.Cluster;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the sidecar was asked to do: by flags, or by the environment where a flag is not given.
///
/// @param url of the bridge, without a slash at its end
/// @param listen loopback; where SDKs ask
/// @param health where kubelet and Prometheus ask; tells no secret
/// @param notifyFile touched after each change; null: none
/// @param once writes each target's files, then ends
public record Settings(
        URI url,
        Path tokenFile,
        List<String> targets,
        Path folder,
        InetSocketAddress listen,
        InetSocketAddress health,
        @Nullable Path caFile,
        Cluster cluster,
        @Nullable Path notifyFile,
        boolean once) {

    static final String HELP =
            """
            Usage: tollbridge sidecar --url URL --token-file FILE --target NAME... [options]

            Keeps credentials of a pod fresh, in files and at an endpoint on loopback.

              --url URL              the bridge (also TOLLBRIDGE_URL)
              --token-file FILE      the pod's projected token, read anew each time (also TOLLBRIDGE_TOKEN_FILE)
              --target NAME          what credentials are for; repeated, or comma-separated (also TOLLBRIDGE_TARGETS)
              --dir DIR              where files go; default /var/run/tollbridge (also TOLLBRIDGE_DIR)
              --listen HOST:PORT     loopback; default 127.0.0.1:9911, port 0 picks one
              --health HOST:PORT     /livez, /readyz, /metrics; default 127.0.0.1:9912
              --ca-file FILE         authorities to believe at the bridge instead of the platform's, PEM
              --cluster-server URL   where kubeconfigs point; default the pod's own cluster
              --cluster-ca FILE      whom kubeconfigs believe there
              --notify FILE          touched after each change
              --once                 writes the files and ends: 0 done, 1 refused, 3 no answer
              --help

            Files: DIR/TARGET/{token,credentials.json,aws-credentials,kubeconfig}, as fits the target; DIR/bearer.
            SDKs of AWS: AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:9911/aws/TARGET and
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=DIR/bearer.
            Libraries of Google: GOOGLE_APPLICATION_CREDENTIALS=DIR/TARGET/credentials.json.

            Exit codes: 0 ended by SIGTERM, or done; 2 wrong usage.
            """;

    private static final Set<String> FLAGS =
            Set.of(
                    "--url",
                    "--token-file",
                    "--target",
                    "--dir",
                    "--listen",
                    "--health",
                    "--ca-file",
                    "--cluster-server",
                    "--cluster-ca",
                    "--notify");

    /// Wrong usage, in words for whoever wrote it.
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    static Settings parse(String[] arguments, Function<String, @Nullable String> environment)
            throws Wrong {
        Map<String, String> given = new HashMap<>();
        List<String> targets = new ArrayList<>();
        boolean once = false;
        for (int i = 0; i < arguments.length; i++) {
            String flag = arguments[i];
            String value = null;
            int equals = flag.indexOf('=');
            if (flag.startsWith("--") && equals > 0) {
                value = flag.substring(equals + 1);
                flag = flag.substring(0, equals);
            }
            if (flag.equals("--once") && value == null) {
                once = true;
                continue;
            }
            if (!FLAGS.contains(flag)) {
                throw new Wrong("unknown: " + flag);
            }
            if (value == null) {
                if (++i == arguments.length) {
                    throw new Wrong(flag + " needs a value");
                }
                value = arguments[i];
            }
            if (flag.equals("--target")) {
                targets.add(value);
            } else if (given.put(flag, value) != null) {
                throw new Wrong(flag + " is given twice");
            }
        }
        fallBack(given, "--url", environment.apply("TOLLBRIDGE_URL"));
        fallBack(given, "--token-file", environment.apply("TOLLBRIDGE_TOKEN_FILE"));
        fallBack(given, "--dir", environment.apply("TOLLBRIDGE_DIR"));
        String named = environment.apply("TOLLBRIDGE_TARGETS");
        if (targets.isEmpty() && named != null) {
            targets.add(named);
        }
        String server = given.get("--cluster-server");
        return new Settings(
                url(needed(given, "--url")),
                Path.of(needed(given, "--token-file")),
                targets(targets),
                Path.of(given.getOrDefault("--dir", "/var/run/tollbridge")),
                loopback(given.getOrDefault("--listen", "127.0.0.1:9911")),
                address("--health", given.getOrDefault("--health", "127.0.0.1:9912")),
                path(given.get("--ca-file")),
                server == null ? Cluster.OWN : new Cluster(server, given.get("--cluster-ca")),
                path(given.get("--notify")),
                once);
    }

    private static void fallBack(Map<String, String> given, String flag, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            given.putIfAbsent(flag, value);
        }
    }

    private static String needed(Map<String, String> given, String flag) throws Wrong {
        String value = given.get(flag);
        if (value == null || value.isEmpty()) {
            throw new Wrong(flag + " is missing");
        }
        return value;
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }

    /// A target's name is a folder's name here.
    private static List<String> targets(List<String> written) throws Wrong {
        Set<String> names = new LinkedHashSet<>();
        for (String list : written) {
            for (String name : list.split(",", -1)) {
                if (!name.strip().matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")) {
                    throw new Wrong("--target: not a target's name: " + name);
                }
                names.add(name.strip());
            }
        }
        if (names.isEmpty() || names.size() > 64) {
            throw new Wrong("--target: 1 to 64 of them");
        }
        return List.copyOf(names);
    }

    private static URI url(String text) throws Wrong {
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean plain =
                    "http".equals(uri.getScheme())
                            && uri.getHost() != null
                            && Set.of("localhost", "127.0.0.1", "[::1]").contains(uri.getHost());
            if (uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null
                    || !(plain || "https".equals(uri.getScheme()))) {
                throw new Wrong("--url: https (http only on this machine): the token goes there");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new Wrong("--url: not a URL");
        }
    }

    private static InetSocketAddress loopback(String text) throws Wrong {
        InetSocketAddress address = address("--listen", text);
        if (!address.getAddress().isLoopbackAddress()) {
            throw new Wrong("--listen: loopback only: credentials are handed out there");
        }
        return address;
    }

    private static InetSocketAddress address(String flag, String text) throws Wrong {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            String host = colon <= 0 ? "0.0.0.0" : text.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            if (host.equals("localhost")) {
                host = "127.0.0.1";
            }
            // A literal: nobody's name server decides where this listens.
            return new InetSocketAddress(InetAddress.ofLiteral(host), port);
        } catch (IllegalArgumentException e) {
            throw new Wrong(flag + " is HOST:PORT");
        }
    }
}
