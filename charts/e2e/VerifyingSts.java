import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// As much of AWS STS as a role's session takes: gives keys only for a token that verifies by the keys its issuer publishes,
/// for one subject and audience; says who somebody is only to keys that it gave and that are valid. It does not check SigV4.
///
///   java VerifyingSts.java ADDRESS:PORT KEYSTORE.p12 PASSWORD ISSUER SUBJECT ROLE_ARN
class VerifyingSts {

    private record Session(String arn, String token, Instant until) {}

    private static final Map<String, Session> SESSIONS = new ConcurrentHashMap<>();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static String issuer;
    private static String subject;
    private static String role;

    public static void main(String[] a) throws Exception {
        issuer = a[3];
        subject = a[4];
        role = a[5];
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(a[1]))) {
            store.load(in, a[2].toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, a[2].toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        String[] at = a[0].split(":");
        HttpsServer server = HttpsServer.create(new InetSocketAddress(at[0], Integer.parseInt(at[1])), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", VerifyingSts::answer);
        server.start();
        System.out.println("sts listens");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        Map<String, String> form = new HashMap<>();
        for (String pair : new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        String body;
        int status = 200;
        try {
            body = form.getOrDefault("Action", "").equals("AssumeRoleWithWebIdentity") ? session(form) : identity(exchange);
        } catch (Exception e) {
            System.out.println("refused: " + e.getMessage());
            status = 400;
            body = "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>no</Message></Error>"
                    + "<RequestId>1</RequestId></ErrorResponse>";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String session(Map<String, String> form) throws Exception {
        String[] token = form.get("WebIdentityToken").split("\\.");
        String header = text(token[0]);
        String claims = text(token[1]);
        Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(key(member(header, "kid")));
        verifier.update((token[0] + "." + token[1]).getBytes(StandardCharsets.US_ASCII));
        expect(verifier.verify(Base64.getUrlDecoder().decode(token[2])), "signature");
        expect(member(claims, "iss").equals(issuer), "issuer");
        expect(member(claims, "sub").equals(subject), "subject " + member(claims, "sub"));
        expect(claims.matches("(?s).*\"aud\":\\[?\"sts.amazonaws.com\"]?.*"), "audience");
        expect(Long.parseLong(number(claims, "exp")) > Instant.now().getEpochSecond(), "end");
        expect(role.equals(form.get("RoleArn")), "role");
        String id = "ASIA" + HexFormat.of().withUpperCase().formatHex(random(8));
        Instant until = Instant.now().plusSeconds(Long.parseLong(form.getOrDefault("DurationSeconds", "3600")));
        String arn = role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/" + form.get("RoleSessionName");
        Session session = new Session(arn, Base64.getEncoder().encodeToString(random(300)), until);
        SESSIONS.put(id, session);
        System.out.println("session " + arn);
        return """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
        <SubjectFromWebIdentityToken>%s</SubjectFromWebIdentityToken><Audience>sts.amazonaws.com</Audience>
        <AssumedRoleUser><Arn>%s</Arn><AssumedRoleId>AROAEXAMPLE:%s</AssumedRoleId></AssumedRoleUser>
        <Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken>
        <Expiration>%s</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
        <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>
        """.formatted(subject, arn, form.get("RoleSessionName"), id, Base64.getEncoder().encodeToString(random(30)),
                session.token(), until);
    }

    private static String identity(HttpExchange exchange) {
        String signed = exchange.getRequestHeaders().getFirst("Authorization");
        Matcher id = Pattern.compile("Credential=(\\w+)/").matcher(signed == null ? "" : signed);
        Session session = id.find() ? SESSIONS.get(id.group(1)) : null;
        expect(session != null && session.until().isAfter(Instant.now())
                && session.token().equals(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token")), "keys");
        return """
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>%s</Arn><UserId>AROAEXAMPLE</UserId><Account>111122223333</Account></GetCallerIdentityResult>
        <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>
        """.formatted(session.arn());
    }

    /// By discovery, as AWS does it.
    private static PublicKey key(String kid) throws Exception {
        String document = get(issuer + "/.well-known/openid-configuration");
        expect(member(document, "issuer").equals(issuer), "issuer of the document");
        for (String candidate : get(member(document, "jwks_uri")).split("\\{")) {
            if (candidate.contains("\"" + kid + "\"")) {
                AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
                curve.init(new ECGenParameterSpec("secp256r1"));
                ECPoint point = new ECPoint(
                        new BigInteger(1, Base64.getUrlDecoder().decode(member(candidate, "x"))),
                        new BigInteger(1, Base64.getUrlDecoder().decode(member(candidate, "y"))));
                return KeyFactory.getInstance("EC")
                        .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
            }
        }
        throw new IllegalStateException("no such key");
    }

    private static String get(String url) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString()).body();
    }

    private static byte[] random(int bytes) {
        byte[] some = new byte[bytes];
        new SecureRandom().nextBytes(some);
        return some;
    }

    private static String text(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String member(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        return found.find() ? found.group(1) : "";
    }

    private static String number(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*(\\d+)").matcher(json);
        return found.find() ? found.group(1) : "0";
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
