package dev.tollbridge.bridge.http;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A literal IP address: four bytes or sixteen. Never looked up by name; an IPv4-mapped IPv6
/// address is the IPv4 address it stands for.
final class IpAddress {

    private static final int LONGEST = 45;

    private final byte[] bytes;
    private final InetAddress address;

    private IpAddress(InetAddress address) {
        this.address = address;
        this.bytes = address.getAddress();
    }

    /// Null for anything but a literal address. A zone (`%eth0`) is not accepted.
    static @Nullable IpAddress parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST || !onlyAddressCharacters(text)) {
            return null;
        }
        try {
            return new IpAddress(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean onlyAddressCharacters(String text) {
        boolean colon = false;
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                colon = true;
            } else if (c == '.') {
                dots++;
            } else if (!(c >= '0' && c <= '9')
                    && !(c >= 'a' && c <= 'f')
                    && !(c >= 'A' && c <= 'F')) {
                return false;
            }
        }
        // The JDK also takes '1' and '1.2' for IPv4 addresses; nobody else does.
        return colon || dots == 3;
    }

    boolean loopback() {
        return address.isLoopbackAddress();
    }

    int bits() {
        return bytes.length * 8;
    }

    /// Whether the first `prefix` bits are those of another address of the same family.
    boolean startsLike(IpAddress network, int prefix) {
        if (bytes.length != network.bytes.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (bytes[i] != network.bytes[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0
                || ((bytes[whole] ^ network.bytes[whole]) & (0xFF << (8 - rest)) & 0xFF) == 0;
    }

    /// Whether any bit behind the prefix is set.
    boolean hasBitsBehind(int prefix) {
        byte[] masked = bytes.clone();
        for (int i = 0; i < masked.length; i++) {
            int keep = Math.clamp(prefix - i * 8L, 0, 8);
            masked[i] &= (byte) (0xFF << (8 - keep));
        }
        return !Arrays.equals(masked, bytes);
    }

    String text() {
        return address.getHostAddress();
    }
}
