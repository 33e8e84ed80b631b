package io.jenkins.plugins.remoteaccess.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Checks on the agent that the shipped program is what the plugin shipped. */
final class ProgramCheck {
    /** What was hashed before in this JVM, by path, size, time and inode: hashing 20 MB again for each endpoint buys nothing. */
    private static final Map<String, String> HASHED = new ConcurrentHashMap<>();

    private ProgramCheck() {}

    /** Whether {@code directory} holds just {@code jars}, each with the given SHA-256 in hex. */
    static boolean intact(Path directory, Map<String, String> jars) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> present = Files.list(directory)) {
            if (present.count() != jars.size()) {
                return false;
            }
        }
        for (Map.Entry<String, String> jar : jars.entrySet()) {
            Path file = directory.resolve(jar.getKey());
            if (!Files.isRegularFile(file) || !hash(file).equals(jar.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static String hash(Path file) throws IOException {
        BasicFileAttributes state = Files.readAttributes(file, BasicFileAttributes.class);
        String version = file + "|" + state.size() + "|" + state.lastModifiedTime() + "|" + state.fileKey();
        String known = HASHED.get(version);
        if (known == null) {
            known = sha256(Files.readAllBytes(file));
            HASHED.put(version, known);
        }
        return known;
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
