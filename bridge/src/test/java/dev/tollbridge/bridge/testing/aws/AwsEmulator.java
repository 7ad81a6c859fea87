package dev.tollbridge.bridge.testing.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// AWS, as far as a role's session goes, and strict where AWS is: STS gives keys only for a token
/// that verifies by the keys its issuer publishes and that the role's trust policy lets in, and
/// answers `GetCallerIdentity`, as S3 does `ListBuckets`, only to a request that those keys signed.
///
/// On plain HTTP at loopback, where the bridge and every SDK allow it.
public final class AwsEmulator implements AutoCloseable {

    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

    /// What a role's trust policy says, as `tollbridge setup aws` writes it.
    ///
    /// @param longest MaxSessionDuration
    public record Role(
            String arn,
            String subject,
            boolean tagSession,
            boolean setSourceIdentity,
            Duration longest) {

        public static Role trusting(String arn, String subject) {
            return new Role(arn, subject, true, true, Duration.ofHours(1));
        }
    }

    /// A session that was given.
    public record Session(
            String accessKeyId,
            String secretKey,
            String token,
            String arn,
            Instant expires,
            Map<String, String> tags,
            List<String> transitiveTags,
            String sourceIdentity,
            String policy,
            Duration asked) {

        /// The account's twelve digits.
        String account() {
            return arn.split(":")[4];
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Role> roles = new ConcurrentHashMap<>();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile InstantSource clock = InstantSource.system();
    private volatile WebIdentity provider =
            new WebIdentity("https://nobody.example", "none", url -> url, clock);
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private volatile Duration delay = Duration.ZERO;
    private volatile int failing;

    public AwsEmulator() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// What time it is here; say so before whom it trusts.
    public AwsEmulator by(InstantSource other) {
        clock = other;
        return this;
    }

    /// As `aws iam create-open-id-connect-provider`.
    public AwsEmulator trust(String issuer) {
        return trust(issuer, url -> url);
    }

    /// @param reached where a URL of the issuer is in this test
    public AwsEmulator trust(String issuer, UnaryOperator<String> reached) {
        provider = new WebIdentity(issuer, "sts.amazonaws.com", reached, clock);
        return this;
    }

    /// As `aws iam create-role`.
    public AwsEmulator with(Role role) {
        roles.put(role.arn(), role);
        return this;
    }

    /// How long STS takes for a session, from the request to the answer.
    public AwsEmulator slow(Duration by) {
        delay = by;
        return this;
    }

    /// Answers every request for a session with this status; 0: as it should.
    public AwsEmulator failing(int status) {
        failing = status;
        return this;
    }

    /// Every web identity token that was shown.
    public List<String> tokens() {
        return List.copyOf(tokens);
    }

    public List<Session> sessions() {
        return List.copyOf(sessions.values());
    }

    /// What was asked and what came of it: `GetCallerIdentity ok`, `ListBuckets AccessDenied`, ...
    public List<String> calls() {
        return List.copyOf(calls);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) ->
                            headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            String query = exchange.getRequestURI().getRawQuery();
            SigV4.Request request =
                    new SigV4.Request(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getRawPath(),
                            query == null ? "" : query,
                            headers,
                            body);
            Map<String, String> form = form(new String(body, UTF_8));
            String action =
                    form.getOrDefault(
                            "Action",
                            request.method().equals("GET") && request.path().equals("/")
                                    ? "ListBuckets"
                                    : "nothing");
            Answered answered = answer(action, form, request);
            calls.add(action + " " + answered.outcome());
            byte[] bytes = answered.body().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/xml");
            exchange.sendResponseHeaders(answered.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private record Answered(int status, String outcome, String body) {
        static Answered ok(String body) {
            return new Answered(200, "ok", body);
        }

        static Answered error(int status, String code) {
            return new Answered(
                    status,
                    code,
                    "<ErrorResponse xmlns=\""
                            + NAMESPACE
                            + "\"><Error><Type>Sender</Type><Code>"
                            + code
                            + "</Code><Message>refused by the emulator</Message></Error>"
                            + "<RequestId>emulator</RequestId></ErrorResponse>");
        }
    }

    private Answered answer(String action, Map<String, String> form, SigV4.Request request) {
        return switch (action) {
            case "AssumeRoleWithWebIdentity" -> assume(form);
            case "GetCallerIdentity" -> identity(request);
            case "ListBuckets" -> buckets(request);
            default -> Answered.error(400, "InvalidAction");
        };
    }

    private Answered assume(Map<String, String> form) {
        long due = System.nanoTime() + delay.toNanos();
        Answered answered = judged(form);
        // What judging took, fetching the issuer's keys included, is part of it.
        LockSupport.parkNanos(due - System.nanoTime());
        return answered;
    }

    private Answered judged(Map<String, String> form) {
        tokens.add(form.getOrDefault("WebIdentityToken", ""));
        if (failing != 0) {
            return Answered.error(failing, "Emulated");
        }
        Role role = roles.get(form.getOrDefault("RoleArn", ""));
        String name = form.getOrDefault("RoleSessionName", "");
        WebIdentity.Accepted accepted;
        try {
            accepted = provider.judge(form.getOrDefault("WebIdentityToken", ""));
        } catch (WebIdentity.Refused e) {
            return Answered.error(400, e.code());
        }
        if (role == null
                || !role.subject().equals(accepted.subject())
                || (!accepted.tags().isEmpty() && !role.tagSession())
                || (!accepted.sourceIdentity().isEmpty() && !role.setSourceIdentity())) {
            return Answered.error(403, "AccessDenied");
        }
        long seconds = Long.parseLong(form.getOrDefault("DurationSeconds", "3600"));
        if (!name.matches("[\\w+=,.@-]{2,64}")
                || seconds < 900
                || seconds > role.longest().toSeconds()) {
            return Answered.error(400, "ValidationError");
        }
        String[] part = role.arn().split(":");
        Session session =
                new Session(
                        "ASIA"
                                + text(10).replaceAll("[^A-Za-z0-9]", "A")
                                        .substring(0, 12)
                                        .toUpperCase(Locale.ROOT),
                        text(30),
                        text(600),
                        "arn:"
                                + part[1]
                                + ":sts::"
                                + part[4]
                                + ":assumed-role/"
                                + part[5].substring(part[5].lastIndexOf('/') + 1)
                                + "/"
                                + name,
                        clock.instant().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS),
                        accepted.tags(),
                        accepted.transitive(),
                        accepted.sourceIdentity(),
                        form.getOrDefault("Policy", ""),
                        Duration.ofSeconds(seconds));
        sessions.put(session.accessKeyId(), session);
        return Answered.ok(
                """
                <AssumeRoleWithWebIdentityResponse xmlns="%s"><AssumeRoleWithWebIdentityResult>
                <SubjectFromWebIdentityToken>%s</SubjectFromWebIdentityToken>
                <Audience>sts.amazonaws.com</Audience>
                <AssumedRoleUser><Arn>%s</Arn><AssumedRoleId>AROAEMULATOREMULATOR:%s</AssumedRoleId></AssumedRoleUser>
                <Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
                <SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials>
                </AssumeRoleWithWebIdentityResult>
                <ResponseMetadata><RequestId>emulator</RequestId></ResponseMetadata>
                </AssumeRoleWithWebIdentityResponse>
                """
                        .formatted(
                                NAMESPACE,
                                accepted.subject(),
                                session.arn(),
                                name,
                                session.accessKeyId(),
                                session.secretKey(),
                                session.token(),
                                session.expires()));
    }

    private String text(int bytes) {
        byte[] some = new byte[bytes];
        random.nextBytes(some);
        return Base64.getEncoder().encodeToString(some);
    }

    private Answered identity(SigV4.Request request) {
        Session session = signer(request, "sts");
        return session == null
                ? Answered.error(403, "SignatureDoesNotMatch")
                : Answered.ok(
                        """
                        <GetCallerIdentityResponse xmlns="%s"><GetCallerIdentityResult>
                        <Arn>%s</Arn><UserId>AROAEMULATOREMULATOR</UserId><Account>%s</Account>
                        </GetCallerIdentityResult>
                        <ResponseMetadata><RequestId>emulator</RequestId></ResponseMetadata>
                        </GetCallerIdentityResponse>
                        """
                                .formatted(NAMESPACE, session.arn(), session.account()));
    }

    private Answered buckets(SigV4.Request request) {
        Session session = signer(request, "s3");
        return session == null
                ? new Answered(
                        403,
                        "SignatureDoesNotMatch",
                        "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>")
                : Answered.ok(
                        """
                        <ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
                        <Buckets><Bucket><Name>of-%s</Name><CreationDate>2026-01-01T00:00:00Z</CreationDate></Bucket></Buckets>
                        <Owner><ID>owner</ID></Owner></ListAllMyBucketsResult>
                        """
                                .formatted(session.account()));
    }

    /// Whose keys signed it, or null.
    private @Nullable Session signer(SigV4.Request request, String service) {
        SigV4.Signed signed;
        try {
            signed = SigV4.Signed.parse(request.header("authorization"));
        } catch (IllegalArgumentException e) {
            return null;
        }
        Session session = sessions.get(signed.accessKeyId());
        return session != null
                        && session.expires().isAfter(clock.instant())
                        && session.token().equals(request.header("x-amz-security-token"))
                        && signed.scope().endsWith("/" + service + "/aws4_request")
                        && SigV4.verifies(request, signed, session.secretKey())
                ? session
                : null;
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        URLDecoder.decode(pair.substring(0, equals), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return form;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
