package dev.tollbridge.bridge.http;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The front doors by path. A new door is one line here.
final class PublicRoutes implements Routes {

    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private static final String AWS = "/aws/";

    private final BridgePorts ports;
    private final Map<String, Route> routes = new HashMap<>();
    private final Route aws;
    private volatile @Nullable Map<String, Route> all;
    private volatile String externalPath = "";

    PublicRoutes(BridgePorts ports, OutcomeAnswers answers) {
        this.ports = ports;
        TokenRequests requests = new TokenRequests(ports.externalUrl());
        Operators operators = new Operators(ports.operators());
        Published published = ports.published();
        aws =
                new Route(
                        AwsDoor.NAME,
                        Route.Takes.GET_ALONE,
                        new AwsDoor(ports.exchange(), ports.externalUrl(), answers));

        add(
                "/token",
                "token",
                Route.Takes.FORM,
                new TokenDoor(ports.exchange(), ports.sessions(), requests, answers));
        add(
                "/credentials",
                "credentials",
                Route.Takes.JSON,
                new CredentialsDoor(ports.exchange(), ports.sessions(), requests, answers));
        add(
                "/session",
                SessionDoor.NAME,
                Route.Takes.FORM_OR_JSON,
                new SessionDoor(ports.sessions(), requests, answers));
        add(
                "/revoke",
                "revoke",
                Route.Takes.FORM,
                new RevokeDoor(ports.revocation(), ports.sessions()));
        add(
                "/introspect",
                "introspect",
                Route.Takes.FORM,
                new IntrospectDoor(ports.introspection(), operators));
        add(
                "/explain",
                "explain",
                Route.Takes.FORM_OR_JSON,
                new ExplainDoor(ports.exchange(), requests, operators, ports.explainForCallers()));

        Door metadata = new PublishedDoor(published.metadata());
        Door federation = new PublishedDoor(published.federationMetadata());
        add(OPENID, "discovery", Route.Takes.GET, metadata);
        add(OAUTH, "discovery", Route.Takes.GET, metadata);
        add("/jwks", "jwks", Route.Takes.GET, new PublishedDoor(published.jwks()));
        // An issuer with a path: OpenID Connect Discovery appends, RFC 8414 section 3.1 inserts.
        add("/federation" + OPENID, "discovery", Route.Takes.GET, federation);
        add(OPENID + "/federation", "discovery", Route.Takes.GET, federation);
        add(OAUTH + "/federation", "discovery", Route.Takes.GET, federation);
        add(
                "/federation/jwks",
                "jwks",
                Route.Takes.GET,
                new PublishedDoor(published.federationJwks()));
    }

    private void add(String path, String name, Route.Takes takes, Door door) {
        routes.put(path, new Route(name, takes, door));
    }

    /// What each door takes, by path: what `docs/openapi.yaml` has to say.
    Map<String, Route.Takes> described() {
        Map<String, Route.Takes> described = new HashMap<>();
        routes.forEach((path, route) -> described.put(path, route.takes()));
        described.put(AWS + "{target}", aws.takes());
        return described;
    }

    @Override
    public @Nullable Route find(String path) {
        Map<String, Route> known = all;
        if (known == null) {
            known = withExternalPath();
            all = known;
        }
        Route fixed = known.get(path);
        return fixed == null && AwsDoor.target(path, AWS, externalPath) != null ? aws : fixed;
    }

    /// When the external URL has a path, everything is served below it as well, for a proxy that
    /// does not strip it; and the well-known places of RFC 8414 have it behind them.
    private Map<String, Route> withExternalPath() {
        String prefix = URI.create(ports.externalUrl().get()).getPath();
        if (prefix == null || prefix.isEmpty() || prefix.equals("/")) {
            return routes;
        }
        externalPath = prefix;
        Map<String, Route> more = new HashMap<>(routes);
        routes.forEach((path, route) -> more.put(prefix + path, route));
        for (String wellKnown : new String[] {OPENID, OAUTH}) {
            copy(more, wellKnown, wellKnown + prefix);
            copy(more, wellKnown + "/federation", wellKnown + prefix + "/federation");
        }
        return more;
    }

    private void copy(Map<String, Route> to, String from, String path) {
        Route route = routes.get(from);
        if (route != null) {
            to.put(path, route);
        }
    }
}
