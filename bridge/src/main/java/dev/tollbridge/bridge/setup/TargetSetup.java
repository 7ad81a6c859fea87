package dev.tollbridge.bridge.setup;

import dev.tollbridge.bridge.target.Target;
import java.util.List;

/// Says what the provider of one kind of target must be told so that the bridge can mint for it,
/// and no more than that.
public interface TargetSetup {

    /// The kind as written in documents.
    String kind();

    /// The first is what is printed unless asked otherwise.
    List<SetupForm> forms();

    /// What the provider would not take of this bridge or this target, in sentences.
    ///
    /// @param externalUrl as in {@link #text}
    default List<String> warnings(Target target, String externalUrl) {
        return List.of();
    }

    /// Ready to be used as it is. Values that only the operator knows stand in capital letters and
    /// are explained in a comment, or in JSON in a member `replace`.
    ///
    /// @param form one of {@link #forms()}
    /// @param externalUrl the bridge's own issuer name, without a slash at its end
    String text(SetupForm form, Target target, String externalUrl);
}
