package dev.tollbridge.bridge.token.keys;

import java.math.BigInteger;
import java.util.Set;

/// The points of Ed25519 whose order divides 8. With one of them as public key a signature can be
/// made without any private key, so it must not pass for a key.
final class SmallOrderPoints {

    static final BigInteger FIELD = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    /// One of the two y of the points of order 8; the test derives it.
    static final BigInteger ORDER_8_A =
            new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16);

    private static final Set<BigInteger> YS =
            Set.of(
                    BigInteger.ZERO,
                    BigInteger.ONE,
                    FIELD.subtract(BigInteger.ONE),
                    ORDER_8_A,
                    FIELD.subtract(ORDER_8_A));

    private SmallOrderPoints() {}

    /// @param y also in a form that is not reduced, which is never a key
    static boolean has(BigInteger y) {
        return y.compareTo(FIELD) >= 0 || YS.contains(y);
    }
}
