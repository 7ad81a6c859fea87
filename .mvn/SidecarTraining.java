import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// A bridge that says yes to anybody, for the moment in which the sidecar's start-up cache is made.
/// Its port is written into the file given; it ends with its process.
class SidecarTraining {

    public static void main(String[] arguments) throws Exception {
        HttpServer bridge =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        bridge.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer =
                    ("{\"access_token\":\"training\",\"token_type\":\"Bearer\",\"expires_in\":600,"
                                    + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\","
                                    + "\"issuance\":\"iss_training\",\"revocation_handle\":\"rvk_training\","
                                    + "\"expires_at\":\""
                                    + Instant.now().plusSeconds(600)
                                    + "\"}")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        bridge.start();
        Path port = Path.of(arguments[0]);
        Path fresh = Path.of(arguments[0] + ".fresh");
        Files.writeString(fresh, Integer.toString(bridge.getAddress().getPort()));
        Files.move(fresh, port);
    }
}
