package dev.tollbridge.bridge.operator;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What an operator wants done, in the words of Kubernetes RBAC: a verb on a resource of the group
/// `tollbridge.dev`. They are names that people write into roles, so they stay.
///
/// @param name of the one thing it is about, such as an issuance's id; null: all of them
public record Operation(Verb verb, Resource resource, @Nullable String name) {

    /// A virtual resource: there need not be an object of that kind in any cluster.
    public enum Resource {
        ISSUANCES,
        RECEIPTS,
        ISSUERS,
        GRANTS,
        TARGETS,
        KEYS,
        FINDINGS,
        EXPLAIN,
        INTROSPECT;

        private final String code = name().toLowerCase(Locale.ROOT);

        /// As written in a role, such as `issuances`.
        public String code() {
            return code;
        }
    }

    public enum Verb {
        GET,
        LIST,
        CREATE,
        REVOKE;

        private final String code = name().toLowerCase(Locale.ROOT);

        /// As written in a role, such as `list`.
        public String code() {
            return code;
        }
    }

    public static Operation list(Resource resource) {
        return new Operation(Verb.LIST, resource, null);
    }

    public static Operation get(Resource resource, String name) {
        return new Operation(Verb.GET, resource, name);
    }

    public static Operation create(Resource resource) {
        return new Operation(Verb.CREATE, resource, null);
    }

    public static Operation revoke(Resource resource, String name) {
        return new Operation(Verb.REVOKE, resource, name);
    }

    /// For people, such as `list issuances.tollbridge.dev`.
    @Override
    public String toString() {
        return verb.code() + " " + resource.code() + ".tollbridge.dev";
    }
}
