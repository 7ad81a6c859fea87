package dev.tollbridge.webhook.pod;

import java.util.Map;
import java.util.Set;

/// What is known of the kinds of volumes of Kubernetes 1.36 (`core/v1.VolumeSource`). A kind that
/// is on no list is one that nobody here has thought about, and is treated so.
public final class VolumeKinds {

    /// Walked into: their references are followed.
    public static final Set<String> WALKED = Set.of("secret", "configMap", "projected", "hostPath");

    /// They hold what the pod itself puts there or is, and nothing else.
    public static final Set<String> HARMLESS = Set.of("emptyDir", "downwardAPI");

    /// Disks of the cluster, filled by workloads.
    public static final Map<String, String> STORAGE =
            Map.ofEntries(
                    Map.entry("persistentVolumeClaim", "a persistent volume"),
                    Map.entry("ephemeral", "a persistent volume of the pod's own"),
                    Map.entry("awsElasticBlockStore", "a cloud disk"),
                    Map.entry("azureDisk", "a cloud disk"),
                    Map.entry("gcePersistentDisk", "a cloud disk"),
                    Map.entry("cinder", "a cloud disk"),
                    Map.entry("vsphereVolume", "a disk"),
                    Map.entry("fc", "a disk"),
                    Map.entry("photonPersistentDisk", "a disk"),
                    Map.entry("portworxVolume", "a disk"));

    /// Content from outside the cluster that the pod's author chose.
    public static final Map<String, String> OPAQUE =
            Map.ofEntries(
                    Map.entry("csi", "content by a CSI driver"),
                    Map.entry("image", "content of an image"),
                    Map.entry("gitRepo", "content of a Git repository"),
                    Map.entry("flexVolume", "content by a FlexVolume driver"),
                    Map.entry("nfs", "a network file system"),
                    Map.entry("cephfs", "a network file system"),
                    Map.entry("glusterfs", "a network file system"),
                    Map.entry("azureFile", "a network file system"),
                    Map.entry("quobyte", "a network file system"),
                    Map.entry("iscsi", "a network disk"),
                    Map.entry("rbd", "a network disk"),
                    Map.entry("scaleIO", "a network disk"),
                    Map.entry("storageos", "a network disk"),
                    Map.entry("flocker", "a network disk"));

    /// Drivers that make a certificate or key for the pod on the node, which is what a workload
    /// should have. Compared by the driver's name: attributes are the author's to choose.
    public static final Set<String> WORKLOAD_IDENTITY_DRIVERS =
            Set.of("csi.spiffe.io", "csi.cert-manager.io", "spiffe.csi.cert-manager.io");

    /// Sources of a `projected` volume that hold nothing of a person's.
    public static final Set<String> HARMLESS_PROJECTIONS =
            Set.of("downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate");

    private VolumeKinds() {}

    /// Every kind of volume that is known.
    public static Set<String> known() {
        Set<String> all = new java.util.TreeSet<>(WALKED);
        all.addAll(HARMLESS);
        all.addAll(STORAGE.keySet());
        all.addAll(OPAQUE.keySet());
        return all;
    }
}
