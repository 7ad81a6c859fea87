package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.AllowedEndpoints.Endpoint;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.AwsPartition;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.AssumedRoleUser;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;

/// STS through the AWS SDK, which marshals and parses; everything else that an SDK does on its own
/// is off: no credentials, profiles, environment, metadata service, retries or HTTP client of its
/// own.
final class SdkSts implements Sts {

    /// More than there are regions; a configuration that names more endpoints gets its clients made
    /// anew now and then.
    private static final int MOST_CLIENTS = 200;

    private static final ProfileFile NO_PROFILES = ProfileFile.aggregator().build();

    /// STS API reference, Credentials.
    private static final Pattern ACCESS_KEY_ID = Pattern.compile("\\w{16,128}");

    /// What must not be in a header: a session token has no documented alphabet or length.
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]{1,16384}");

    private final Fetcher fetcher;
    private final AllowedEndpoints endpoints;
    private final Map<Endpoint, StsClient> clients = new ConcurrentHashMap<>();

    SdkSts(Fetcher fetcher, AllowedEndpoints endpoints) {
        this.fetcher = fetcher;
        this.endpoints = endpoints;
    }

    @Override
    public RoleSession assumeRole(RoleRequest request) throws MintFailure, KeyNotKnown {
        AssumeRoleWithWebIdentityResponse response;
        try {
            response = client(request.settings()).assumeRoleWithWebIdentity(asked(request));
        } catch (FetchFailure failure) {
            throw StsRefusals.of(failure);
        } catch (AwsServiceException refused) {
            throw failure(refused);
        } catch (SdkException failed) {
            throw failure(failed);
        }
        return session(request, response);
    }

    private StsClient client(Aws settings) throws FetchFailure {
        Endpoint endpoint =
                endpoints.choose(
                        AwsPartition.of(settings.region()).stsEndpoint(settings.region()),
                        settings.stsEndpoint());
        if (clients.size() >= MOST_CLIENTS) {
            clients.clear();
        }
        return clients.computeIfAbsent(
                endpoint,
                e -> client(settings.region(), e.uri(), new FetcherHttpClient(fetcher, e)));
    }

    private static StsClient client(String region, URI endpoint, SdkHttpClient http) {
        return StsClient.builder()
                .region(Region.of(region))
                .endpointOverride(endpoint)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClient(http)
                // Each is asked of the environment and of profiles unless it is said here.
                .dualstackEnabled(false)
                .fipsEnabled(false)
                .overrideConfiguration(
                        ClientOverrideConfiguration.builder()
                                .retryStrategy(AwsRetryStrategy.doNotRetry())
                                .defaultProfileFile(NO_PROFILES)
                                .defaultProfileName("none")
                                .build())
                .build();
    }

    private static AssumeRoleWithWebIdentityRequest asked(RoleRequest request) {
        Aws settings = request.settings();
        AssumeRoleWithWebIdentityRequest.Builder asked =
                AssumeRoleWithWebIdentityRequest.builder()
                        .roleArn(settings.roleArn())
                        .roleSessionName(request.sessionName())
                        .webIdentityToken(request.token().reveal())
                        .durationSeconds(Math.toIntExact(request.life().toSeconds()));
        if (settings.sessionPolicy() != null) {
            asked.policy(settings.sessionPolicy());
        }
        if (!settings.policyArns().isEmpty()) {
            asked.policyArns(
                    settings.policyArns().stream()
                            .map(arn -> PolicyDescriptorType.builder().arn(arn).build())
                            .toList());
        }
        return asked.build();
    }

    private static MintFailure failure(AwsServiceException refused) throws KeyNotKnown {
        AwsErrorDetails details = refused.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        if (refused.statusCode() < 500
                && ("InvalidIdentityToken".equals(code)
                        || "InvalidIdentityTokenException".equals(code))) {
            throw new KeyNotKnown();
        }
        SdkHttpResponse response = details == null ? null : details.sdkHttpResponse();
        String retryAfter =
                response == null ? null : response.firstMatchingHeader("Retry-After").orElse(null);
        return StsRefusals.of(refused.statusCode(), code, retryAfter);
    }

    private static MintFailure failure(SdkException failed) {
        for (@Nullable Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof FetcherHttpClient.NoAnswer none) {
                return StsRefusals.of(none.failure());
            }
        }
        // Its message may quote the answer, which holds keys.
        return StsRefusals.unreadable("what cannot be read");
    }

    /// Believes an answer only as far as it is of the role and session that were asked for: keys of
    /// another role would be a wider grant than was decided.
    private static RoleSession session(
            RoleRequest request, AssumeRoleWithWebIdentityResponse response) throws MintFailure {
        Credentials keys = response.credentials();
        AssumedRoleUser user = response.assumedRoleUser();
        if (keys == null
                || !matches(ACCESS_KEY_ID, keys.accessKeyId())
                || !matches(PRINTABLE, keys.secretAccessKey())
                || !matches(PRINTABLE, keys.sessionToken())
                || keys.expiration() == null
                || user == null
                || user.arn() == null) {
            throw StsRefusals.unreadable("without a session's keys");
        }
        RoleArn role = RoleArn.parse(request.settings().roleArn());
        if (!user.arn().equals(role.session(request.sessionName()))) {
            throw MintFailure.refused("AWS gave a session of another role; it was dropped");
        }
        Instant expires = keys.expiration().truncatedTo(ChronoUnit.SECONDS);
        return new RoleSession(
                keys.accessKeyId(),
                Secret.of(keys.secretAccessKey()),
                Secret.of(keys.sessionToken()),
                expires,
                role.account());
    }

    private static boolean matches(Pattern form, @Nullable String text) {
        return text != null && form.matcher(text).matches();
    }
}
