import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;

/// An API that takes the tokens of a `jwt` target, with nimbus-jose-jwt and nothing of Tollbridge's:
///
///     java -cp nimbus-jose-jwt.jar Service.java https://tollbridge.acme.example https://api.acme.example deploy:write 9000
///
/// RFC 9068 section 4 says what a resource server looks at.
public class Service {

    private static final int MOST_TOKEN = 16 * 1024;

    private final DefaultJWTProcessor<SecurityContext> tokens = new DefaultJWTProcessor<>();
    private final String scope;

    Service(String issuer, String audience, String scope) throws IOException {
        this.scope = scope;
        // Cached, refreshed ahead, and fetched again for a key that is not known, but not for every one that is made up.
        JWKSource<SecurityContext> keys =
                JWKSourceBuilder.create(URI.create(issuer + "/jwks").toURL())
                        .retrying(true)
                        .rateLimited(30_000)
                        .build();
        // The algorithm that this API expects, not the one that a token names.
        tokens.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
        // An ID token of the same issuer is no access token.
        tokens.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        DefaultJWTClaimsVerifier<SecurityContext> claims =
                new DefaultJWTClaimsVerifier<>(
                        audience,
                        new JWTClaimsSet.Builder().issuer(issuer).build(),
                        Set.of("sub", "iat", "exp", "jti", "client_id"));
        claims.setMaxClockSkew(30);
        tokens.setJWTClaimsSetVerifier(claims);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (!shown.startsWith("Bearer ") || shown.length() > MOST_TOKEN) {
                refuse(exchange, 401, "Bearer");
                return;
            }
            try {
                JWTClaimsSet claims = tokens.process(shown.substring("Bearer ".length()), null);
                if (claims.getClaim("cnf") != null) {
                    // Bound to a key: this service cannot check the proof, so it takes none.
                    refuse(exchange, 401, "Bearer error=\"invalid_token\"");
                } else if (!List.of(String.valueOf(claims.getClaim("scope")).split(" ")).contains(scope)) {
                    refuse(exchange, 403, "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"");
                } else {
                    byte[] text = ("hello " + claims.getSubject() + "\n").getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, text.length);
                    exchange.getResponseBody().write(text);
                }
            } catch (ParseException | BadJOSEException e) {
                refuse(exchange, 401, "Bearer error=\"invalid_token\"");
            } catch (JOSEException e) {
                // The keys cannot be had: that is not the caller's fault.
                exchange.sendResponseHeaders(503, -1);
            }
        }
    }

    private static void refuse(HttpExchange exchange, int status, String challenge) throws IOException {
        exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
        exchange.sendResponseHeaders(status, -1);
    }

    public static void main(String[] arguments) throws IOException {
        Service service = new Service(arguments[0], arguments[1], arguments[2]);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[3])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", service::answer);
        server.start();
        System.out.println("ready http://127.0.0.1:" + server.getAddress().getPort());
    }
}
