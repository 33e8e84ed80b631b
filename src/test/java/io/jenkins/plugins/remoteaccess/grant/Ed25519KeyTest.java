package io.jenkins.plugins.remoteaccess.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Ed25519KeyTest {
    @TempDir
    Path directory;

    @Test
    void openSshReadsThePrivateKeyAndFindsThePublicOne() throws Exception {
        Ed25519Key key = Ed25519Key.generate();
        Path file = Files.createFile(
                directory.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, key.openSshPrivateKey());
        assertEquals(key.publicKey().toString(), run("ssh-keygen", "-y", "-f", file.toString()));
    }

    @Test
    void openSshFindsTheSameFingerprint() throws Exception {
        Ed25519Key key = Ed25519Key.generate();
        Path file =
                Files.writeString(directory.resolve("key.pub"), key.publicKey().toString());
        assertEquals(
                key.publicKey().fingerprint(),
                run("ssh-keygen", "-l", "-f", file.toString()).split(" ")[1]);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
