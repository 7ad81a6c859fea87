import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Exchanges many single-use tokens, each until it has an answer: what a careful client does while a replica dies. A line for each token:
/// `issued ID`, `replayed` (granted before, and the answer was lost on the way), or `failed REASON`.
///
///   java Exchanges.java URL KEY.pk8.pem HOW_MANY AT_ONCE PROGRESS_FILE
class Exchanges {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final Pattern ID = Pattern.compile("\"issuance\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern REASON = Pattern.compile("\"reason\"\\s*:\\s*\"([^\"]+)\"");

    public static void main(String[] a) throws Exception {
        String url = a[0];
        String pem = Files.readString(Path.of(a[1])).replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey key = KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        int many = Integer.parseInt(a[2]);
        Semaphore atOnce = new Semaphore(Integer.parseInt(a[3]));
        AtomicInteger done = new AtomicInteger();
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            tokens.add(token(key));
        }
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String token : tokens) {
                answers.add(threads.submit(() -> {
                    atOnce.acquire();
                    try {
                        return exchange(client, url, token);
                    } finally {
                        atOnce.release();
                        Files.writeString(Path.of(a[4]), done.incrementAndGet() + "\n");
                    }
                }));
            }
        }
        for (Future<String> answer : answers) {
            System.out.println(answer.get());
        }
    }

    private static String exchange(HttpClient client, String url, String token) throws InterruptedException {
        String form = "grant_type=" + encoded("urn:ietf:params:oauth:grant-type:token-exchange")
                + "&subject_token_type=" + encoded("urn:ietf:params:oauth:token-type:jwt")
                + "&audience=internal-api&subject_token=" + token;
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/token"))
                .timeout(Duration.ofSeconds(5))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        String last = "nothing";
        for (int attempt = 0; attempt < 120; attempt++) {
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return "issued " + first(ID, response.body());
                }
                last = first(REASON, response.body());
                if (response.statusCode() != 503) {
                    return last.equals("token_replayed") ? "replayed" : "failed " + last;
                }
            } catch (IOException e) {
                last = e.getClass().getSimpleName();
            }
            Thread.sleep(250);
        }
        return "failed " + last;
    }

    private static String token(PrivateKey key) throws Exception {
        long now = Instant.now().getEpochSecond();
        String jti = UUID.randomUUID().toString();
        String input = BASE64URL.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"e2e\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + BASE64URL.encodeToString(("{\"iss\":\"https://ci.acme.example\",\"aud\":\"https://tollbridge.acme.example\",\"sub\":\"job-42\","
                        + "\"jti\":\"" + jti + "\",\"iat\":" + now + ",\"exp\":" + (now + 900) + "}").getBytes(StandardCharsets.UTF_8));
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(key);
        signer.update(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + BASE64URL.encodeToString(signer.sign());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "?";
    }
}
