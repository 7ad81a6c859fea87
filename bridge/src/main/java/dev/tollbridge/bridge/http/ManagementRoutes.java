package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.operator.Operation;
import dev.tollbridge.bridge.operator.Operation.Resource;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The management port by path.
final class ManagementRoutes implements Routes {

    private static final String ADMIN = "/admin/v1/";
    private static final String ISSUANCES = ADMIN + "issuances/";
    private static final String RECEIPTS = ADMIN + "receipts/";
    private static final String REVOKE = "/revoke";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final int LONGEST_ID = 64;

    private final Map<String, Route> routes = new HashMap<>();
    private final Operators operators;
    private final AdminDoors admin;

    ManagementRoutes(ManagementPorts ports) {
        this.operators = new Operators(ports.operators());
        this.admin = new AdminDoors(ports.ledger(), ports.revocation(), ports.sessions());

        add("/healthz", Route.Takes.GET, ManagementRoutes::healthy);
        add("/readyz", Route.Takes.GET, call -> call.work(() -> ready(ports.readiness().get())));
        add("/metrics", Route.Takes.GET_WITH_QUERY, call -> call.work(() -> metrics(ports)));

        admin(Resource.ISSUANCES, Route.Takes.GET_WITH_QUERY, admin::issuances);
        admin(Resource.ISSUERS, ports.issuers());
        admin(Resource.GRANTS, ports.grants());
        admin(Resource.TARGETS, ports.targets());
        admin(Resource.KEYS, ports.keys());
    }

    private void add(String path, Route.Takes takes, Door door) {
        routes.put(path, new Route(path, takes, door));
    }

    private void admin(Resource resource, Route.Takes takes, Operators.Work work) {
        Operation list = Operation.list(resource);
        add(ADMIN + resource.code(), takes, call -> operators.only(call, list, work));
    }

    private void admin(Resource resource, Supplier<List<Map<String, @Nullable Object>>> elements) {
        admin(
                resource,
                Route.Takes.GET,
                (_, _) -> AdminDoors.list(resource.code(), elements.get()));
    }

    /// What each door takes, by path: what `docs/openapi.yaml` has to say.
    Map<String, Route.Takes> described() {
        Map<String, Route.Takes> described = new HashMap<>();
        routes.forEach((path, route) -> described.put(path, route.takes()));
        for (String one :
                List.of(ISSUANCES + "{id}", RECEIPTS + "{id}", ISSUANCES + "{id}" + REVOKE)) {
            Route route = find(one.replace("{id}", "id"));
            if (route != null) {
                described.put(one, route.takes());
            }
        }
        return described;
    }

    @Override
    public @Nullable Route find(String path) {
        Route exact = routes.get(path);
        if (exact != null) {
            return exact;
        }
        if (path.startsWith(ISSUANCES) && path.endsWith(REVOKE)) {
            String id = id(path, ISSUANCES.length(), path.length() - REVOKE.length());
            return id == null
                    ? null
                    : one(
                            Route.Takes.POST,
                            Operation.revoke(Resource.ISSUANCES, id),
                            (_, operator) -> admin.revoke(id, operator));
        }
        if (path.startsWith(ISSUANCES)) {
            String id = id(path, ISSUANCES.length(), path.length());
            return id == null
                    ? null
                    : one(
                            Route.Takes.GET,
                            Operation.get(Resource.ISSUANCES, id),
                            (_, _) -> admin.issuance(id));
        }
        if (path.startsWith(RECEIPTS)) {
            String id = id(path, RECEIPTS.length(), path.length());
            return id == null
                    ? null
                    : one(
                            Route.Takes.GET,
                            Operation.get(Resource.RECEIPTS, id),
                            (_, _) -> admin.receipt(id));
        }
        return null;
    }

    private Route one(Route.Takes takes, Operation operation, Operators.Work work) {
        return new Route("admin", takes, call -> operators.only(call, operation, work));
    }

    private static @Nullable String id(String path, int from, int to) {
        if (to <= from || to - from > LONGEST_ID) {
            return null;
        }
        for (int i = from; i < to; i++) {
            char c = path.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            boolean allowed = digit || letter || c == '_';
            if (!allowed) {
                return null;
            }
        }
        return path.substring(from, to);
    }

    private static void healthy(Call call) {
        call.answer(Answer.json(200, Json.tree(Map.of("status", "ok"))));
    }

    private static Answer ready(Readiness readiness) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("ready", readiness.ready());
        tree.put("reasons", readiness.reasons());
        return Answer.json(readiness.ready() ? 200 : 503, Json.tree(tree));
    }

    private static Answer metrics(ManagementPorts ports) {
        return new Answer(
                200, PROMETHEUS, Buffer.buffer(ports.metrics().scrape()), false, List.of(), false);
    }
}
