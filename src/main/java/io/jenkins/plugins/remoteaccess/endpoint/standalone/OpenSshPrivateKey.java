package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import io.jenkins.plugins.remoteaccess.endpoint.inside.EndpointDirectory;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.HostKeys;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Base64;
import java.util.Set;

/** Writes an Ed25519 key the way every OpenSSH reads it (OpenSSH's PROTOCOL.key); PKCS #8 it reads only since 9.6. */
final class OpenSshPrivateKey {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BLOCK = 8;
    private static final int LINE = 70;

    private OpenSshPrivateKey() {}

    /** A new file that only its owner can read, from its first moment on. */
    static void write(KeyPair pair, Path file) throws IOException {
        FileAttribute<?>[] own = EndpointDirectory.posix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (var out =
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), own)) {
            out.write(ByteBuffer.wrap(pem(pair).getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static String pem(KeyPair pair) throws IOException {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(encode(pair));
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + "\n-----END OPENSSH PRIVATE KEY-----\n";
    }

    private static byte[] encode(KeyPair pair) throws IOException {
        byte[] blob =
                Base64.getDecoder().decode(HostKeys.openSsh(pair.getPublic()).split(" ")[1]);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII));
        text(out, "none");
        text(out, "none");
        text(out, "");
        out.writeInt(1);
        string(out, blob);
        string(out, secret(pair, blob));
        return bytes.toByteArray();
    }

    private static byte[] secret(KeyPair pair, byte[] blob) throws IOException {
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        int check = RANDOM.nextInt();
        out.writeInt(check);
        out.writeInt(check);
        // The public blob is the type and the public point, each with its length: just how the private part begins
        out.write(blob);
        out.writeInt(2 * seed.length);
        out.write(seed);
        out.write(blob, blob.length - seed.length, seed.length);
        text(out, "remote-access");
        for (int pad = 1; bytes.size() % BLOCK != 0; pad++) {
            out.write(pad);
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        string(out, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void string(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
