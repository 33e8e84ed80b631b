package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import io.jenkins.plugins.remoteaccess.endpoint.inside.EndpointDirectory;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.AuthorizedKeys;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.HostKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that are let in, and the private one that was made where there was none.
 *
 * @param keys never empty
 * @param identity the file of the private key to use, where it was made for this hold
 */
record LocalKeys(Set<PublicKey> keys, Optional<Path> identity) {
    private static final long LARGEST = 1 << 20;

    /** Reads the file that was named; a file that cannot be read, or holds no key, is an error before the command runs. */
    static Set<PublicKey> named(Path file) throws BadOption {
        try {
            Set<PublicKey> keys = read(file);
            if (keys.isEmpty()) {
                throw new BadOption("--authorized-keys " + file + " holds no public key that can be used");
            }
            return keys;
        } catch (IOException e) {
            throw new BadOption("--authorized-keys " + file + " cannot be read: "
                    + e.getClass().getSimpleName());
        }
    }

    /** The user's own keys as {@code ssh} knows them, or a fresh one whose private half goes into {@code directory}. */
    static LocalKeys ofUser(Path home, EndpointDirectory directory) throws IOException {
        Path folder = home.resolve(".ssh");
        Set<PublicKey> keys = new LinkedHashSet<>();
        if (Files.isReadable(folder.resolve("authorized_keys"))) {
            keys.addAll(read(folder.resolve("authorized_keys")));
        }
        if (keys.isEmpty() && Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.pub")) {
                for (Path file : files) {
                    keys.addAll(read(file));
                }
            }
        }
        return keys.isEmpty() ? fresh(directory) : new LocalKeys(keys, Optional.empty());
    }

    private static LocalKeys fresh(EndpointDirectory directory) throws IOException {
        KeyPair pair = HostKeys.generate();
        Path identity = directory.root().resolve("identity");
        OpenSshPrivateKey.write(pair, identity);
        return new LocalKeys(Set.of(pair.getPublic()), Optional.of(identity));
    }

    private static Set<PublicKey> read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is larger than " + LARGEST + " bytes");
        }
        Set<PublicKey> keys = new LinkedHashSet<>();
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\\R")) {
            AuthorizedKeys.parse(line).ifPresent(keys::add);
        }
        return keys;
    }
}
