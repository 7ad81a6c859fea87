package dev.tollbridge.webhook.detect.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinesReaderTest {

    private static Node.Mapping read(String text) {
        try {
            return LinesReader.read(text, new Budget(1_000_000, 1_000_000, 1000));
        } catch (Unreadable e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Node from, String... path) {
        Node node = from;
        for (String name : path) {
            node = node instanceof Node.Mapping mapping ? mapping.get(name) : null;
        }
        return node instanceof Node.Scalar scalar ? String.valueOf(scalar.text()) : "nothing";
    }

    @Test
    void aDottedNameIsAlsoAMemberOfWhatStandsBeforeItsLastDot() {
        Node.Mapping read =
                read(
                        "session.access = \"a\"\nsession.refresh = \"r\"\na.b.c=3\n[x]\nsession.y = 1\n");
        assertThat(text(read, "session.access")).isEqualTo("a");
        assertThat(text(read, "session", "access")).isEqualTo("a");
        assertThat(text(read, "session", "refresh")).isEqualTo("r");
        assertThat(text(read, "b", "c")).isEqualTo("3");
        assertThat(text(read, "x", "session", "y")).isEqualTo("1");
        assertThat(text(read, "x", "session", "refresh")).isEqualTo("nothing");
    }

    @Test
    void anInlineTableIsReadByItsStructure() {
        Node.Mapping read =
                read(
                        "login = { url = \"https://a, b = c\", 'user' = { name = \"j\" }, n = 3, of = [1, \"x\"] }\n");
        assertThat(text(read, "login", "url")).isEqualTo("https://a, b = c");
        assertThat(text(read, "login", "user", "name")).isEqualTo("j");
        assertThat(text(read, "login", "n")).isEqualTo("3");
        assertThat(text(read("a = { b = \n"), "a")).isEqualTo("{ b =");
        assertThat(text(read("a = {\"b\": \"c\"}\n"), "a")).isEqualTo("{\"b\": \"c\"}");
    }

    @Test
    void eachTableOfAListIsOneOfItsOwn() {
        Node.Mapping read = read("[[s]]\ntoken = \"1\"\n[[s]]\nother = \"2\"\n");
        assertThat(read.entries()).hasSize(2);
        assertThat(text(read, "s", "token")).isEqualTo("nothing");
        assertThat(text(read, "s", "other")).isEqualTo("2");
    }
}
