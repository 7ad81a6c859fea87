package dev.tollbridge.bridge.fetch;

import dev.tollbridge.bridge.fetch.FetchFailure.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Resolves names and checks every address a name has: one that may not be connected to refuses the
/// name, because an attacker who can add one address to an answer chooses which is used.
///
/// Resolving happens on a few platform threads: the system's resolver cannot be interrupted, and a
/// virtual thread inside it would hold one of the few carriers.
final class CheckedAddresses implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int WAITING = 256;

    private final AddressResolver resolver;
    private final ThreadPoolExecutor threads;

    CheckedAddresses(AddressResolver resolver) {
        this.resolver = resolver;
        this.threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        30,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING),
                        Thread.ofPlatform().daemon().name("tollbridge-resolve-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// @param host a name or an address literal, in brackets if IPv6
    /// @return at least one address
    List<InetAddress> of(String host, boolean allowPrivate, Deadline deadline) throws FetchFailure {
        List<InetAddress> addresses = resolve(host, deadline);
        if (addresses.isEmpty()) {
            throw new FetchFailure(Kind.NAME_UNRESOLVED, host + " does not resolve");
        }
        for (InetAddress address : addresses) {
            String refusal = AddressRules.refusal(address, allowPrivate);
            if (refusal != null) {
                throw new FetchFailure(
                        Kind.ADDRESS_REFUSED,
                        host + " is " + address.getHostAddress() + ", which is " + refusal);
            }
        }
        return addresses;
    }

    private List<InetAddress> resolve(String host, Deadline deadline) throws FetchFailure {
        Future<List<InetAddress>> answer;
        try {
            answer = threads.submit(() -> resolver.resolve(withoutBrackets(host)));
        } catch (RejectedExecutionException _) {
            throw new FetchFailure(Kind.OVERLOADED, "too many names are being resolved");
        }
        try {
            return answer.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            answer.cancel(true);
            throw new FetchFailure(Kind.NAME_UNRESOLVED, host + " does not resolve in time");
        } catch (ExecutionException e) {
            String why = e.getCause() instanceof UnknownHostException ? "" : ": " + e.getCause();
            throw new FetchFailure(Kind.NAME_UNRESOLVED, host + " does not resolve" + why);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new FetchFailure(Kind.NAME_UNRESOLVED, "interrupted");
        }
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
