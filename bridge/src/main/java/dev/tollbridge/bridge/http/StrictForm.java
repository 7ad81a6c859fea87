package dev.tollbridge.bridge.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `application/x-www-form-urlencoded` and refuses what two readers could understand
/// differently: a name twice (but `audience` and `resource`, RFC 8693 section 2.1), an escape that
/// is none, bytes that are not UTF-8, control characters, raw bytes beyond ASCII.
///
/// An empty value is as absent as a missing one (RFC 6749 section 3.2). Names that nobody asks for
/// are ignored, but have to be well formed like the rest.
final class StrictForm {

    private static final int MAX_PARAMETERS = 64;

    private static final String ESCAPE = "A percent escape in the form is not well formed.";
    private static final String CONTROL = "The form holds control characters.";

    private final List<String> names = new ArrayList<>(8);
    private final List<String> values = new ArrayList<>(8);

    private StrictForm() {}

    static StrictForm parse(byte[] body) throws BadRequest {
        StrictForm form = new StrictForm();
        int from = 0;
        while (from <= body.length) {
            int equals = -1;
            int end = from;
            boolean plain = true;
            int nameEnd = -1;
            boolean plainName = true;
            for (; end < body.length; end++) {
                byte b = body[end];
                if (b == '&') {
                    break;
                }
                if (b == '=' && equals < 0) {
                    equals = end;
                    nameEnd = end;
                    plainName = plain;
                    plain = true;
                } else if (b == '%' || b == '+') {
                    plain = false;
                } else if (b < 0x20 || b == 0x7F) {
                    // Bytes beyond ASCII are negative.
                    throw BadRequest.malformed(
                            b < 0 ? "The form holds bytes that are not ASCII." : CONTROL);
                }
            }
            if (end > from) {
                if (equals < 0) {
                    nameEnd = end;
                    plainName = plain;
                }
                form.add(
                        text(body, from, nameEnd, plainName),
                        equals < 0 ? "" : text(body, equals + 1, end, plain));
            }
            from = end + 1;
        }
        return form;
    }

    private void add(String name, String value) throws BadRequest {
        if (name.isEmpty()) {
            throw BadRequest.malformed("The form has a parameter without a name.");
        }
        if (names.size() == MAX_PARAMETERS) {
            throw BadRequest.malformed("The form has too many parameters.");
        }
        if (!repeatable(name) && names.contains(name)) {
            throw BadRequest.malformed("The form has a parameter twice.");
        }
        if (holdsControls(name) || (holdsControls(value) && !token(name))) {
            throw BadRequest.malformed(CONTROL);
        }
        names.add(name);
        values.add(value);
    }

    /// What stands in a token is the token parser's to refuse, in its own words.
    private static boolean token(String name) {
        return name.equals("subject_token") || name.equals("assertion");
    }

    private static boolean repeatable(String name) {
        return name.equals("audience") || name.equals("resource");
    }

    private static String text(byte[] body, int from, int to, boolean plain) throws BadRequest {
        if (plain) {
            return new String(body, from, to - from, StandardCharsets.ISO_8859_1);
        }
        byte[] decoded = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = body[i];
            if (b == '+') {
                b = ' ';
            } else if (b == '%') {
                if (i + 2 >= to) {
                    throw BadRequest.malformed(ESCAPE);
                }
                int high = hex(body[i + 1]);
                int low = hex(body[i + 2]);
                if (high < 0 || low < 0) {
                    throw BadRequest.malformed(ESCAPE);
                }
                b = (byte) (high << 4 | low);
                i += 2;
            }
            decoded[length++] = b;
        }
        String text;
        try {
            text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(decoded, 0, length))
                            .toString();
        } catch (CharacterCodingException e) {
            throw BadRequest.malformed("The form is not UTF-8.");
        }
        return text;
    }

    private static boolean holdsControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /// The parameter's value, or null when it is missing or empty.
    @Nullable String one(String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            return null;
        }
        String value = values.get(index);
        return value.isEmpty() ? null : value;
    }

    /// @param sentence told to the caller when it is missing or empty
    String required(String name, String sentence) throws BadRequest {
        String value = one(name);
        if (value == null) {
            throw BadRequest.malformed(sentence);
        }
        return value;
    }

    /// Every value that is not empty, in order.
    List<String> all(String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            return List.of();
        }
        List<String> found = new ArrayList<>(1);
        for (; index < names.size(); index++) {
            if (names.get(index).equals(name) && !values.get(index).isEmpty()) {
                found.add(values.get(index));
            }
        }
        return found;
    }

    int size() {
        return names.size();
    }
}
