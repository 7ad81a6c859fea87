package dev.tollbridge.bridge.demo;

import java.io.PrintWriter;

/// Tells what happens, in numbered steps, and remembers which one it is at.
public final class Story {

    private final PrintWriter out;
    private final boolean coloured;
    private int number;
    private String step = "the beginning";

    /// @param coloured only for a terminal
    public Story(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    void step(String title) {
        step = ++number + ". " + title;
        out.println();
        out.println(painted("1", step));
        out.flush();
    }

    /// The step that is being told, for whoever has to say where it went wrong.
    public String step() {
        return step;
    }

    void say(String text) {
        out.println("   " + text);
        out.flush();
    }

    /// What goes over the wire.
    void sends(String text) {
        out.println("   " + painted("36", "-> " + text));
        out.flush();
    }

    /// What comes back, or is found.
    void comes(String text) {
        out.println("   " + painted("32", "<- " + text));
        out.flush();
    }

    /// A refusal, which is how it should be.
    void refuses(String text) {
        out.println("   " + painted("33", "<- " + text));
        out.flush();
    }

    void member(String name, String value) {
        out.println("        " + name + " ".repeat(Math.max(1, 22 - name.length())) + value);
        out.flush();
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    void heading(String text) {
        line(painted("1", text));
    }

    /// @throws ToldOtherwise when it is not so
    void check(boolean so, String expectation) {
        if (!so) {
            throw new ToldOtherwise("expected that " + expectation);
        }
    }

    private String painted(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
