package dev.tollbridge.webhook.decide;

/// The object that is asked about.
///
/// @param kind as Kubernetes writes it
/// @param name empty where there is none yet
/// @param template whether what is judged is a template: the pods made of it are judged again
public record Subject(String kind, String namespace, String name, boolean template) {

    public boolean isPod() {
        return kind.equals("Pod");
    }

    /// As people and messages call it.
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + (name.isEmpty() ? "(not named yet)" : name);
    }
}
