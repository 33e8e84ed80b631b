package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * The file mode creation mask of this process, umask(2).
 *
 * @param mask permission bits that new files do not get
 */
record Umask(int mask) {
    private static final int USUAL = 022;
    private static final int HIGHEST_BIT = 8;

    /** This process's, where Linux tells; elsewhere 022. */
    static Umask current() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("Umask:"))
                    .findFirst()
                    .map(line -> new Umask(Integer.parseInt(line.substring(6).trim(), 8)))
                    .orElse(new Umask(USUAL));
        } catch (IOException notLinux) {
            return new Umask(USUAL);
        }
    }

    /** {@code asked} without what the mask takes away. */
    Set<PosixFilePermission> mask(Set<PosixFilePermission> asked) {
        Set<PosixFilePermission> left = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : asked) {
            // OWNER_READ, the first, is the highest of the nine bits
            if ((mask & 1 << HIGHEST_BIT - permission.ordinal()) == 0) {
                left.add(permission);
            }
        }
        return left;
    }
}
