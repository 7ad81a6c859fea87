package dev.tollbridge.bridge.target;

import dev.tollbridge.bridge.shipped.ShippedYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The presets of `oauth` targets shipped with this build: one YAML file each, listed in
/// `services/index.yaml`.
public final class OAuthServices {

    private static final List<OAuthService> SHIPPED = read();

    private OAuthServices() {}

    public static List<OAuthService> all() {
        return SHIPPED;
    }

    public static @Nullable OAuthService find(String id) {
        return SHIPPED.stream().filter(service -> service.id().equals(id)).findFirst().orElse(null);
    }

    private static List<OAuthService> read() {
        ShippedYaml index = ShippedYaml.parse("services", text("index"));
        List<OAuthService> services = new ArrayList<>();
        for (String id : index.strings("services")) {
            services.add(service(id, ShippedYaml.parse(id, text(id))));
        }
        index.noMore();
        return List.copyOf(services);
    }

    private static OAuthService service(String id, ShippedYaml yaml) {
        if (!yaml.string("id").equals(id)) {
            throw yaml.wrong("id", "is not the name of the file");
        }
        OAuthService service =
                new OAuthService(
                        id,
                        yaml.string("name"),
                        yaml.string("tokenEndpoint"),
                        yaml.oneOf(OAuthRequest.class, "request"),
                        yaml.optionalString("assertionParameter"),
                        yaml.has("subjectTokenType") ? yaml.string("subjectTokenType") : "jwt",
                        yaml.optionalString("requestedTokenType"),
                        yaml.optionalString("lifetimeParameter"),
                        yaml.has("tokenLifetime") ? yaml.duration("tokenLifetime") : null,
                        yaml.strings("needs"),
                        yaml.strings("parameters"),
                        yaml.strings("setup"),
                        yaml.strings("notes"),
                        yaml.strings("sources"));
        yaml.noMore();
        return service;
    }

    private static String text(String id) {
        String resource = "services/" + id + ".yaml";
        try (InputStream in = OAuthServices.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
