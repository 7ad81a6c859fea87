package dev.tollbridge.webhook.serve;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.admission.Sighting;
import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Ruled;
import dev.tollbridge.webhook.decide.Subject;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.stored.StoredName;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// What was found of late, for operators: each finding once, the newest last, the oldest forgotten
/// beyond a bound. Names, places and fingerprints.
final class FindingsList {

    private static final int MOST = 10_000;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Map<Key, Seen> seen = new LinkedHashMap<>();

    private record Key(Subject subject, String path, String detector, String fingerprint) {}

    private record Seen(Instant first, Instant last, long times, Sighting sighting, Ruled ruled) {}

    synchronized void saw(Sighting sighting) {
        for (Ruled ruled : sighting.ruling().concerns()) {
            if (ruled.concern() instanceof Concern.Found found) {
                Finding finding = found.finding();
                Key key =
                        new Key(
                                sighting.ruling().subject(),
                                found.path(),
                                finding.detector(),
                                finding.fingerprint());
                Seen before = seen.remove(key);
                Instant first = before == null ? sighting.time() : before.first();
                long times = before == null ? 1 : before.times() + 1;
                seen.put(key, new Seen(first, sighting.time(), times, sighting, ruled));
            }
        }
        while (seen.size() > MOST) {
            Iterator<Key> oldest = seen.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /// @param namespace empty: all
    synchronized String json(String namespace) {
        ObjectNode root = MAPPER.createObjectNode();
        ArrayNode list = root.putArray("findings");
        seen.forEach((key, each) -> {
            if (namespace.isEmpty() || namespace.equals(key.subject().namespace())) {
                add(list.addObject(), key, each);
            }
        });
        return root.toString();
    }

    private static void add(ObjectNode entry, Key key, Seen seen) {
        Concern.Found found = (Concern.Found) seen.ruled().concern();
        Finding finding = found.finding();
        StoredName source = found.source();
        entry.put("first_seen", seen.first().toString());
        entry.put("last_seen", seen.last().toString());
        entry.put("times", seen.times());
        entry.put("kind", key.subject().kind());
        entry.put("namespace", key.subject().namespace());
        entry.put("name", key.subject().name());
        entry.put("path", key.path());
        if (source != null) {
            entry.put("source", source.toString());
            entry.put("key", found.key());
        }
        entry.put("detector", finding.detector());
        entry.put("tool", finding.tool());
        entry.put("verdict", finding.verdict().words());
        entry.put("fingerprint", finding.fingerprint());
        entry.put("mode", seen.sighting().ruling().mode().written());
        entry.put("outcome", seen.ruled().outcome().written());
        entry.put("user", seen.sighting().user());
        entry.put("uid", seen.sighting().uid());
        if (seen.ruled().exemption() != null) {
            entry.put("exemption", seen.ruled().exemption().name());
        }
    }
}
