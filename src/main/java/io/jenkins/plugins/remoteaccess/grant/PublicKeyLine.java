package io.jenkins.plugins.remoteaccess.grant;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * One public key as a line of {@code authorized_keys} holds it (sshd(8)), without options and without its comment.
 *
 * @param type the algorithm's name, RFC 4253 section 6.6
 * @param base64 the key blob
 */
public record PublicKeyLine(String type, String base64) implements Serializable {
    private static final Set<String> TYPES = Set.of(
            "ssh-ed25519",
            "ssh-rsa",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "sk-ssh-ed25519@openssh.com",
            "sk-ecdsa-sha2-nistp256@openssh.com");
    private static final int LONGEST = 16_384;

    /**
     * Reads one line; empty for a blank line, a comment, a line with options, an algorithm an endpoint does not take, or anything
     * that is not a key. Never throws, so that one bad line does not hide the others.
     */
    public static Optional<PublicKeyLine> parse(String line) {
        String[] words = line.trim().split("\\s+", 3);
        if (line.length() > LONGEST || words.length < 2 || !TYPES.contains(words[0])) {
            return Optional.empty();
        }
        try {
            byte[] blob = Base64.getDecoder().decode(words[1]);
            return named(blob).filter(words[0]::equals).map(type -> new PublicKeyLine(type, words[1]));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** The algorithm that a key blob names itself: its first string, RFC 4253 section 6.6. */
    private static Optional<String> named(byte[] blob) {
        if (blob.length < Integer.BYTES) {
            return Optional.empty();
        }
        int length = ByteBuffer.wrap(blob).getInt();
        if (length < 1 || length >= blob.length - Integer.BYTES) {
            return Optional.empty();
        }
        return Optional.of(new String(blob, Integer.BYTES, length, StandardCharsets.US_ASCII));
    }

    /** The fingerprint as OpenSSH prints it: {@code SHA256:} and unpadded base64. */
    public String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(base64));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The line: algorithm, space, key. */
    @Override
    public String toString() {
        return type + ' ' + base64;
    }
}
