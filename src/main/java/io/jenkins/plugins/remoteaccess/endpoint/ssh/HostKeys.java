package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;

/** Ed25519 host keys: made, carried as PKCS#8, shown as OpenSSH shows them. */
public final class HostKeys {
    private static final String ALGORITHM = "Ed25519";

    private HostKeys() {}

    /** A fresh key pair. */
    public static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException noProvider) {
            throw new IllegalStateException("this Java has no Ed25519", noProvider);
        }
    }

    /** The pair whose private half {@link #encode} wrote; IllegalArgumentException if {@code pkcs8} is no Ed25519 key. */
    public static KeyPair decode(byte[] pkcs8) {
        try {
            PrivateKey key = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return new KeyPair(new JdkEd25519().recoverEDDSAPublicKey(key), key);
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException("hostKey: not an Ed25519 key in PKCS#8", malformed);
        }
    }

    /** The private half in PKCS#8 (RFC 8410), from which {@link #decode} makes the pair again. */
    public static byte[] encode(KeyPair pair) {
        return pair.getPrivate().getEncoded();
    }

    /** {@code ssh-ed25519 AAAA…}, as in authorized_keys and known_hosts; any supported type. */
    public static String openSsh(PublicKey key) {
        JdkProvider.use();
        return PublicKeyEntry.toString(key);
    }

    /** {@code SHA256:…}, as ssh-keygen -l prints it; any supported type. */
    public static String fingerprint(PublicKey key) {
        JdkProvider.use();
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }
}
