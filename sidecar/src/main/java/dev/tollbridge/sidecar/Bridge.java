package dev.tollbridge.sidecar;

/// The bridge, as a sidecar needs it.
public interface Bridge {

    /// May block, within its own deadline. Reads the pod's token anew each time: kubelet replaces
    /// it.
    Answer exchange(String target);

    /// Ends a credential early.
    ///
    /// @return whether the bridge took it
    boolean revoke(String handle);
}
