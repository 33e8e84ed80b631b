package io.jenkins.plugins.remoteaccess.grant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;

/** An RSA key (RFC 4253 section 6.6), such as the identity of this Jenkins. */
public final class RsaKey {
    private RsaKey() {}

    /** The public key as OpenSSH writes it. */
    public static PublicKeyLine line(RSAPublicKey key) {
        try {
            byte[] blob = OpenSSHPublicKeyUtil.encodePublicKey(
                    new RSAKeyParameters(false, key.getModulus(), key.getPublicExponent()));
            return new PublicKeyLine("ssh-rsa", Base64.getEncoder().encodeToString(blob));
        } catch (IOException e) {
            throw new UncheckedIOException("an RSA key always has this form", e);
        }
    }
}
