package dev.tollbridge.bridge.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whose `X-Forwarded-For` counts (DESIGN 14, rule 10).
public final class TrustedProxies {

    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private record Network(IpAddress address, int prefix) {}

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = networks;
    }

    /// @param cidrs such as `10.0.0.0/8`, `2001:db8::/32`, or a single address
    /// @throws IllegalArgumentException in words for whoever wrote it
    public static TrustedProxies parse(List<String> cidrs) {
        List<Network> networks = new ArrayList<>(cidrs.size());
        for (String cidr : cidrs) {
            networks.add(network(cidr));
        }
        return new TrustedProxies(List.copyOf(networks));
    }

    private static Network network(String cidr) {
        int slash = cidr.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? cidr : cidr.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException(
                    "'" + cidr + "' is no network; write one such as 10.0.0.0/8");
        }
        int prefix = address.bits();
        if (slash >= 0) {
            try {
                prefix = Integer.parseInt(cidr.substring(slash + 1));
            } catch (NumberFormatException e) {
                prefix = -1;
            }
        }
        if (prefix < 0 || prefix > address.bits()) {
            throw new IllegalArgumentException(
                    "'" + cidr + "': the prefix is a number from 0 to " + address.bits());
        }
        if (address.hasBitsBehind(prefix)) {
            throw new IllegalArgumentException(
                    "'" + cidr + "': the address has bits set behind its prefix");
        }
        return new Network(address, prefix);
    }

    boolean none() {
        return networks.isEmpty();
    }

    boolean trusts(IpAddress address) {
        for (Network network : networks) {
            if (address.startsLike(network.address, network.prefix)) {
                return true;
            }
        }
        return false;
    }

    /// The caller's address: the right-most one in the chain that no trusted proxy has. Everything
    /// left of it was written by somebody we do not trust.
    ///
    /// @param connection the address the connection comes from
    /// @param forwardedFor the values of every `X-Forwarded-For` header, in order
    String peer(String connection, List<String> forwardedFor) {
        IpAddress here = networks.isEmpty() ? null : IpAddress.parse(connection);
        if (here == null || !trusts(here)) {
            return connection;
        }
        IpAddress last = here;
        for (int i = forwardedFor.size() - 1; i >= 0; i--) {
            String header = forwardedFor.get(i);
            int end = header.length();
            while (end >= 0) {
                int comma = header.lastIndexOf(',', end - 1);
                IpAddress hop = hop(header.substring(comma + 1, end));
                if (hop == null) {
                    // What a trusted proxy wrote and we cannot read: the proxy is all we know.
                    return last.text();
                }
                if (!trusts(hop)) {
                    return hop.text();
                }
                last = hop;
                end = comma;
            }
        }
        return last.text();
    }

    private static @Nullable IpAddress hop(String written) {
        String text = written.strip();
        if (text.startsWith("[")) {
            int bracket = text.indexOf(']');
            return bracket < 0 ? null : IpAddress.parse(text.substring(1, bracket));
        }
        int colon = text.indexOf(':');
        boolean port = colon >= 0 && colon == text.lastIndexOf(':');
        return IpAddress.parse(port ? text.substring(0, colon) : text);
    }
}
