package dev.tollbridge.bridge.fetch;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses may be connected to.
///
/// Source: the IANA special-purpose registries (RFC 6890 and successors), and what cloud providers
/// use for metadata. Of IPv6, only global unicast space (2000::/3) is public at all.
final class AddressRules {

    /// Never, whatever is configured: nobody's keys live there, and a metadata service hands
    /// credentials to whoever can reach it.
    private static final List<Prefix> NEVER =
            List.of(
                    new Prefix("0.0.0.0", 8, "unspecified"),
                    new Prefix("224.0.0.0", 4, "multicast"),
                    new Prefix("240.0.0.0", 4, "reserved or broadcast"),
                    new Prefix("169.254.169.252", 30, "a metadata service"),
                    new Prefix("169.254.170.2", 32, "a metadata service"),
                    new Prefix("169.254.170.23", 32, "a metadata service"),
                    new Prefix("168.63.129.16", 32, "a metadata service"),
                    new Prefix("100.100.100.200", 32, "a metadata service"),
                    new Prefix("192.0.0.192", 32, "a metadata service"),
                    new Prefix("::", 128, "unspecified"),
                    new Prefix("ff00::", 8, "multicast"),
                    new Prefix("fd00:ec2::254", 128, "a metadata service"),
                    new Prefix("fd00:ec2::23", 128, "a metadata service"),
                    new Prefix("fd20:ce::254", 128, "a metadata service"));

    private static final List<Prefix> PRIVATE =
            List.of(
                    new Prefix("10.0.0.0", 8, "private"),
                    new Prefix("100.64.0.0", 10, "shared address space"),
                    new Prefix("127.0.0.0", 8, "loopback"),
                    new Prefix("169.254.0.0", 16, "link-local"),
                    new Prefix("172.16.0.0", 12, "private"),
                    new Prefix("192.0.0.0", 24, "reserved for protocols"),
                    new Prefix("192.0.2.0", 24, "documentation"),
                    new Prefix("192.88.99.0", 24, "a 6to4 relay"),
                    new Prefix("192.168.0.0", 16, "private"),
                    new Prefix("198.18.0.0", 15, "benchmarking"),
                    new Prefix("198.51.100.0", 24, "documentation"),
                    new Prefix("203.0.113.0", 24, "documentation"),
                    new Prefix("2001::", 23, "reserved for protocols, or Teredo"),
                    new Prefix("2001:db8::", 32, "documentation"),
                    new Prefix("3fff::", 20, "documentation"));

    private static final Prefix GLOBAL_UNICAST = new Prefix("2000::", 3, "");

    /// Forms of IPv6 that carry an IPv4 address a gateway or the host itself will connect to: where
    /// the prefix ends, the IPv4 address starts. What counts is the address inside.
    private static final List<Prefix> CARRIERS =
            List.of(
                    new Prefix("64:ff9b::", 96, "NAT64"),
                    new Prefix("2002::", 16, "6to4"),
                    new Prefix("::ffff:0:0:0", 96, "IPv4-translated"),
                    new Prefix("::", 96, "IPv4-compatible"));

    private AddressRules() {}

    /// Why the address may not be connected to, or null if it may.
    static @Nullable String refusal(InetAddress address, boolean allowPrivate) {
        byte[] bytes = address.getAddress();
        // Java turns ::ffff:a.b.c.d into IPv4 by itself.
        String never = match(NEVER, bytes);
        if (never != null) {
            return never;
        }
        if (address instanceof Inet4Address) {
            return allowPrivate ? null : match(PRIVATE, bytes);
        }
        if (address.isLoopbackAddress()) {
            return allowPrivate ? null : "loopback";
        }
        for (Prefix carrier : CARRIERS) {
            if (carrier.covers(bytes)) {
                String inner = refusal(carrier.carried(bytes), allowPrivate);
                return inner == null ? null : inner + ", carried by " + carrier.why();
            }
        }
        if (allowPrivate) {
            return null;
        }
        return GLOBAL_UNICAST.covers(bytes) ? match(PRIVATE, bytes) : "not public";
    }

    private static @Nullable String match(List<Prefix> prefixes, byte[] address) {
        for (Prefix prefix : prefixes) {
            if (prefix.covers(address)) {
                return prefix.why();
            }
        }
        return null;
    }

    private static final class Prefix {
        private final byte[] network;
        private final int bits;
        private final String why;

        Prefix(String network, int bits, String why) {
            this.network = InetAddress.ofLiteral(network).getAddress();
            this.bits = bits;
            this.why = why;
        }

        String why() {
            return why;
        }

        boolean covers(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            int whole = bits / 8;
            if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
                return false;
            }
            int rest = bits % 8;
            return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
        }

        InetAddress carried(byte[] address) {
            try {
                return InetAddress.getByAddress(
                        Arrays.copyOfRange(address, bits / 8, bits / 8 + 4));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("four bytes are an address", e);
            }
        }
    }
}
