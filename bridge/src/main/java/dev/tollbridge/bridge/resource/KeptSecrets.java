package dev.tollbridge.bridge.resource;

import dev.tollbridge.bridge.files.PrivateFiles;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The labelled Secrets of the bridge's namespace as files, one folder each, as the kubelet would
/// mount them: what reads an issuer's authority or an App's key from a file reads these, and
/// notices when they change.
final class KeptSecrets {

    /// As the schema has it for `secretRef.key`; never a path, and nothing hidden.
    private static final Pattern ENTRY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;

    KeptSecrets(Path folder) {
        this.folder = folder;
    }

    /// Makes the folder hold these and nothing else.
    synchronized void keep(Collection<Secret> secrets) {
        try {
            Files.createDirectories(folder, FOLDER);
            Set<String> names = new HashSet<>();
            for (Secret secret : secrets) {
                names.add(secret.getMetadata().getName());
                keep(secret);
            }
            for (Path other : others(folder, names)) {
                removeFolder(other);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Secrets of the configuration cannot be kept in " + folder, e);
        }
    }

    private void keep(Secret secret) throws IOException {
        Path own = folder.resolve(secret.getMetadata().getName());
        Files.createDirectories(own, FOLDER);
        Set<String> entries = new HashSet<>();
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        for (Map.Entry<String, String> entry : data.entrySet()) {
            if (ENTRY.matcher(entry.getKey()).matches()) {
                entries.add(entry.getKey());
                write(own.resolve(entry.getKey()), Base64.getDecoder().decode(entry.getValue()));
            }
        }
        for (Path other : others(own, entries)) {
            Files.deleteIfExists(other);
        }
    }

    /// Only what changed, so that a file's age tells something; as one step, so that nobody reads
    /// half of it.
    private static void write(Path file, byte[] content) throws IOException {
        try {
            if (Arrays.equals(Files.readAllBytes(file), content)) {
                return;
            }
        } catch (NoSuchFileException e) {
            // It is new.
        }
        PrivateFiles.replace(file, content);
    }

    private static List<Path> others(Path folder, Set<String> names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !names.contains(String.valueOf(file.getFileName())))
                    .toList();
        }
    }

    private static void removeFolder(Path folder) throws IOException {
        for (Path file : others(folder, Set.of())) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }
}
