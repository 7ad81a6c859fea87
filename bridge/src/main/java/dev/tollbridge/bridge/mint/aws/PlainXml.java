package dev.tollbridge.bridge.mint.aws;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether an XML parser may look at what a provider answered.
///
/// The SDK's parser resolves no external entities, but reads document type declarations, and
/// chooses the character encoding by what the document says of itself. STS writes UTF-8 and
/// declares nothing, so whatever does otherwise is not its answer: here nobody has to know what a
/// parser would make of it.
final class PlainXml {

    /// XML 1.0 section 2.8. The bytes have been found to be of an encoding that extends ASCII.
    private static final Pattern DECLARATION = Pattern.compile("\\A<\\?xml\\s[^>]{0,200}\\?>");

    private static final Pattern ENCODING = Pattern.compile("encoding\\s*=\\s*[\"']([^\"']*)[\"']");

    private PlainXml() {}

    static boolean is(byte[] body) {
        // Not UTF-16, UTF-32 or EBCDIC, with or without a byte order mark.
        if (body.length == 0 || body[0] != '<') {
            return false;
        }
        for (byte b : body) {
            if (b == 0) {
                return false;
            }
        }
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return utf8(text) && !text.contains("<!DOCTYPE") && !text.contains("<!ENTITY");
    }

    private static boolean utf8(String text) {
        if (!text.startsWith("<?xml")) {
            return true;
        }
        Matcher declaration = DECLARATION.matcher(text);
        if (!declaration.find()) {
            return false;
        }
        Matcher encoding = ENCODING.matcher(declaration.group());
        return encoding.find()
                ? encoding.group(1).equalsIgnoreCase("UTF-8")
                : !declaration.group().contains("encoding");
    }
}
