package dev.tollbridge.webhook.advise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which sign-in fits where, as data. {@link #shipped()} is what docs/advise.md prints.
public record Matrix(List<RuntimeClass> runtimes, List<Check> checks, List<Tool> tools) {

    public static Matrix shipped() {
        return MatrixFile.read();
    }

    public Optional<RuntimeClass> runtime(String id) {
        return runtimes.stream().filter(runtime -> runtime.id().equalsIgnoreCase(id)).findFirst();
    }

    public Optional<Tool> tool(String name) {
        return tools.stream().filter(tool -> tool.called(name)).findFirst();
    }

    public Recommendation recommend(RuntimeClass runtime, Optional<Tool> tool) {
        SignIn signIn = runtime.signIn();
        SignIn fallback = runtime.fallback();
        String because = "";
        if (tool.isPresent() && tool.get().command(signIn).isEmpty()) {
            // Only with a person, and only PKCE may be missing: every tool has a workload's way.
            because =
                    tool.get().title()
                            + " has no login with a loopback redirect: its device code is all there is for a"
                            + " person, so the gate and the polling limits below decide.";
            signIn = SignIn.DEVICE_CODE;
            fallback = SignIn.NONE;
        }
        if (tool.isPresent() && tool.get().command(fallback).isEmpty()) {
            fallback = SignIn.NONE;
        }
        SignIn chosen = signIn;
        SignIn second = fallback;
        return new Recommendation(
                runtime,
                tool,
                chosen,
                tool.map(t -> t.command(chosen)).orElse(""),
                because,
                second,
                tool.map(t -> t.command(second)).orElse(""),
                checks(runtime, chosen, second));
    }

    /// The place's own, less those of a flow that is not used, plus those of one that is.
    private List<Check> checks(RuntimeClass runtime, SignIn signIn, SignIn fallback) {
        List<String> ids = new ArrayList<>(runtime.checks());
        boolean device = signIn == SignIn.DEVICE_CODE || fallback == SignIn.DEVICE_CODE;
        List<String> ofDevice = List.of("device-gate", "polling");
        ids.removeAll(ofDevice);
        if (device) {
            ids.addAll(0, ofDevice);
        }
        if (signIn == SignIn.DEVICE_CODE) {
            ids.removeAll(List.of("loopback", "pkce-s256", "publish-loopback", "private-port"));
        }
        return ids.stream()
                .map(id ->
                        checks.stream()
                                .filter(check -> check.id().equals(id))
                                .findFirst()
                                .orElseThrow())
                .toList();
    }
}
