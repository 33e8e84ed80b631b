package io.jenkins.plugins.remoteaccess.grant;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** A fresh Ed25519 key pair (RFC 8709): the host key of one endpoint, or the key of somebody who has none. */
public final class Ed25519Key {
    private final KeyPair pair;

    private Ed25519Key(KeyPair pair) {
        this.pair = pair;
    }

    /** Makes a new key pair; takes well under a millisecond. */
    public static Ed25519Key generate() {
        try {
            return new Ed25519Key(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java has had Ed25519 since 15 (JEP 339)", e);
        }
    }

    /** The private key as base64 of PKCS#8: what an endpoint is given as its host key. */
    public String pkcs8() {
        return Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
    }

    /** The public key. */
    public PublicKeyLine publicKey() {
        byte[] spki = pair.getPublic().getEncoded();
        byte[] raw = Arrays.copyOfRange(spki, spki.length - Ed25519PublicKeyParameters.KEY_SIZE, spki.length);
        try {
            byte[] blob = OpenSSHPublicKeyUtil.encodePublicKey(new Ed25519PublicKeyParameters(raw));
            return new PublicKeyLine("ssh-ed25519", Base64.getEncoder().encodeToString(blob));
        } catch (IOException e) {
            throw new UncheckedIOException("an Ed25519 key always has this form", e);
        }
    }

    /** The private key as {@code ssh -i} reads it: an unencrypted file of OpenSSH's own format, ending with a line feed. */
    public String openSshPrivateKey() {
        try (StringWriter text = new StringWriter();
                PemWriter pem = new PemWriter(text)) {
            byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            byte[] encoded = OpenSSHPrivateKeyUtil.encodePrivateKey(new Ed25519PrivateKeyParameters(seed));
            pem.writeObject(new PemObject("OPENSSH PRIVATE KEY", encoded));
            pem.flush();
            return text.toString().replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("an Ed25519 key always has this form", e);
        }
    }
}
