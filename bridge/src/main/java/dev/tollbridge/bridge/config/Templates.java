package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Format.Invalid;

/// The form of templates: text with `{{claim}}` and `{{claim|filter|filter}}`. What a claim gives
/// and what filters there are is for those who fill them in.
final class Templates {

    private Templates() {}

    static String check(String written) throws Invalid {
        Checks.line(written);
        int at = 0;
        while (true) {
            int open = written.indexOf("{{", at);
            int close = written.indexOf("}}", at);
            if (open < 0 && close < 0) {
                return written;
            }
            if (open < 0 || close < open) {
                throw new Invalid(Problems.quoted(written) + " has '}}' without '{{'", null);
            }
            if (close < 0) {
                throw new Invalid(Problems.quoted(written) + " has '{{' without '}}'", null);
            }
            expression(written.substring(open + 2, close), written);
            at = close + 2;
        }
    }

    private static void expression(String inner, String written) throws Invalid {
        int bar = inner.indexOf('|');
        String claim = (bar < 0 ? inner : inner.substring(0, bar)).trim();
        if (claim.isEmpty() || claim.indexOf('{') >= 0) {
            throw new Invalid(Problems.quoted(written) + " names no claim in '{{...}}'", null);
        }
        if (bar < 0) {
            return;
        }
        for (String filter : inner.substring(bar + 1).split("\\|", -1)) {
            if (!Checks.consistsOf(filter.trim(), "-_:")) {
                throw new Invalid(
                        Problems.quoted(written) + " names no filter after '|'",
                        "write {{claim}}, {{claim|filter}} or {{claim|filter|filter}}");
            }
        }
    }
}
