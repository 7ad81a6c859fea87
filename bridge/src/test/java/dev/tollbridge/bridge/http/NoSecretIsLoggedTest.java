package dev.tollbridge.bridge.http;

import static dev.tollbridge.bridge.http.RunningBridge.FORM;
import static dev.tollbridge.bridge.http.RunningBridge.tokenForm;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class NoSecretIsLoggedTest {

    private static final String SUBJECT = "c3ViamVjdC10b2tlbi1vZi10aGlzLXRlc3Q";

    private static final class Everything extends AppenderBase<ILoggingEvent> {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(
                    event.getFormattedMessage()
                            + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    }

    @Test
    void noTokenReachesALogAtAnyLevelOrAMetric() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        Everything log = new Everything();
        log.setContext(root.getLoggerContext());
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
        String form = tokenForm().replace("a.b.c", SUBJECT);
        try (RunningBridge bridge =
                        RunningBridge.answering(_ -> List.of(RunningBridge.issued(Set.of())));
                RunningBridge failing =
                        RunningBridge.answering(request -> {
                            throw new IllegalStateException(request.subjectToken().reveal());
                        })) {
            bridge.token(form);
            bridge.token(form + "&scope=%zz");
            bridge.token(form + "&subject_token=" + SUBJECT);
            bridge.post("/token?subject_token=" + SUBJECT, FORM, form);
            bridge.post("/" + SUBJECT, FORM, form);
            bridge.post("/token", "text/plain", form);
            bridge.post("/revoke", FORM, "token=" + SUBJECT);
            bridge.post(
                    "/introspect", FORM, "token=" + SUBJECT, "Authorization", "Bearer " + SUBJECT);
            bridge.post(
                    "/credentials", "application/json", "{\"subject_token\":\"" + SUBJECT + "\"");
            failing.token(form);
            try (RawClient half = new RawClient(bridge.port())) {
                half.send("POST /token HTTP/1.1\r\nContent-Length: 9999\r\n\r\n" + form);
            }
            assertThat(bridge.metrics.scrape() + failing.metrics.scrape()).doesNotContain(SUBJECT);
            assertThat(bridge.refused).noneMatch(line -> line.contains(SUBJECT));
            assertThat(failing.refused).noneMatch(line -> line.contains(SUBJECT));
        } finally {
            root.setLevel(before);
            root.detachAppender(log);
        }
        // The test's own HTTP client lives in the same process; it logs through java.util.logging.
        assertThat(log.lines).isNotEmpty();
        assertThat(log.lines)
                .noneMatch(line -> line.contains(SUBJECT) || line.contains(RunningBridge.MINTED));
    }
}
