package dev.tollbridge.webhook.detect;

import java.util.List;

/// What a detector reports. Never the value.
///
/// @param detector the id of the detector, as in docs/detectors.md
/// @param tool whose login it is
/// @param verdict what is proven
/// @param action what to do about it
/// @param place where in the content
/// @param key the field that holds the credential, in the words of the detector and not of the
///   content; empty where there is no field
/// @param provenance what gave the flow away, or why it cannot be known
/// @param advice what to use instead, and how
/// @param agreeing ids of other detectors that saw the same credential
/// @param fingerprint keyed, of the value: the same value under the same key has the same one
public record Finding(
        String detector,
        String tool,
        Verdict verdict,
        Action action,
        Place place,
        String key,
        String provenance,
        Confidence confidence,
        Advice advice,
        List<String> agreeing,
        String fingerprint) {

    public Finding {
        agreeing = List.copyOf(agreeing);
    }

    /// The same finding in another place.
    public Finding at(Place other) {
        return new Finding(
                detector,
                tool,
                verdict,
                action,
                other,
                key,
                provenance,
                confidence,
                advice,
                agreeing,
                fingerprint);
    }

    /// The page that explains the detector, relative to the documentation.
    public String page() {
        return "detectors.md#" + detector;
    }
}
