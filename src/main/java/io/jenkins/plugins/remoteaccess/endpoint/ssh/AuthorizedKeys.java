package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** Lines of an authorized_keys file (sshd(8)), read leniently: a line that cannot be used grants nobody, and hides no other. */
public final class AuthorizedKeys {
    private static final Set<String> TYPES = Set.of(
            "ssh-ed25519",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "ssh-rsa",
            "sk-ssh-ed25519@openssh.com",
            "sk-ecdsa-sha2-nistp256@openssh.com");
    private static final int LONGEST = 16 * 1024;
    private static final int WEAK_RSA = 2048;
    private static final int HUGE_RSA = 16_384;

    private AuthorizedKeys() {}

    /** The key on {@code line}; empty for blanks and comments and wherever {@link #problem} has something to say. Never throws. */
    public static Optional<PublicKey> parse(String line) {
        return blank(line) ? Optional.empty() : Optional.ofNullable(read(line).key());
    }

    /** Why {@link #parse} finds no key although {@code line} is neither blank nor a comment, as one clause. Never throws. */
    public static Optional<String> problem(String line) {
        return blank(line) ? Optional.empty() : Optional.ofNullable(read(line).problem());
    }

    /** Whether {@code key} is good enough to be offered. */
    static boolean strong(PublicKey key) {
        return !(key instanceof RSAPublicKey rsa)
                || rsa.getModulus().bitLength() >= WEAK_RSA && rsa.getModulus().bitLength() <= HUGE_RSA;
    }

    private record Outcome(PublicKey key, String problem) {
        static Outcome failed(String problem) {
            return new Outcome(null, problem);
        }
    }

    private static boolean blank(String line) {
        return line == null || line.isBlank() || line.strip().startsWith("#");
    }

    private static Outcome read(String line) {
        if (line.length() > LONGEST) {
            return Outcome.failed("longer than 16384 characters");
        }
        String[] words = line.strip().split("\\s+", 3);
        if (!TYPES.contains(words[0])) {
            // Options restrict what a key may be used for; to drop them would widen it
            return Outcome.failed(
                    TYPES.stream().anyMatch(line::contains)
                            ? "options before the key are not supported"
                            : "unsupported key type");
        }
        return words.length < 2 ? Outcome.failed("no key after its type") : decode(words[0], words[1]);
    }

    private static Outcome decode(String type, String base64) {
        JdkProvider.use();
        try {
            byte[] blob = Base64.getDecoder().decode(base64);
            ByteArrayBuffer buffer = new ByteArrayBuffer(blob);
            if (!buffer.getString().equals(type)) {
                return Outcome.failed("the key is of another type than the line says");
            }
            buffer.rpos(0);
            PublicKey key = buffer.getRawPublicKey();
            if (buffer.available() > 0) {
                return Outcome.failed("something follows the key");
            }
            return strong(key) ? new Outcome(key, null) : Outcome.failed("RSA keys need 2048 to 16384 bits");
        } catch (SshException | RuntimeException malformed) {
            return Outcome.failed("not a valid key");
        }
    }
}
