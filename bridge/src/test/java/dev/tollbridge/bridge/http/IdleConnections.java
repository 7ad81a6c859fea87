package dev.tollbridge.bridge.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Clients that connect and say nothing. In a process of their own: file descriptors are counted
/// per process, and the server needs its half.
final class IdleConnections implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;

    /// Returns when all are connected.
    IdleConnections(int port, int count) throws IOException {
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                IdleConnections.class.getName(),
                                Integer.toString(port),
                                Integer.toString(count))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (!"connected".equals(line)) {
            close();
            throw new IOException("the clients did not connect: " + line);
        }
    }

    /// How many the server has neither closed nor written to.
    int stillOpen() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return Integer.parseInt(out.readLine());
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /// The process: connects, then counts once for each byte on its standard input, until that
    /// ends.
    ///
    /// @param arguments the port, and how many
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        var address =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
            SocketChannel client = SocketChannel.open(address);
            client.configureBlocking(false);
            clients.add(client);
        }
        out.println("connected");
        ByteBuffer anything = ByteBuffer.allocate(1);
        while (System.in.read() >= 0) {
            int open = 0;
            for (SocketChannel client : clients) {
                if (silent(client, anything.clear())) {
                    open++;
                }
            }
            out.println(open);
        }
    }

    private static boolean silent(SocketChannel client, ByteBuffer anything) {
        try {
            return client.read(anything) == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
