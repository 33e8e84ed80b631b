package io.jenkins.plugins.remoteaccess.agent;

import hudson.util.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What makes an endpoint the same after a restart of anything: kept with the build, encrypted, for as long as it is open.
 *
 * @param id random and unique in this Jenkins: 16 hexadecimal digits
 * @param hostKey the private host key, base64 of PKCS#8
 * @param hostKeyLine the public host key
 * @param token what control messages prove themselves with
 * @param node the name of the agent; empty for the built-in node
 */
public record EndpointIdentity(String id, Secret hostKey, String hostKeyLine, Secret token, String node) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 8;
    private static final int TOKEN_BYTES = 32;

    /** A fresh identity on {@code node} with this host key. */
    public static EndpointIdentity create(String node, String hostKeyPkcs8, String hostKeyLine) {
        return new EndpointIdentity(
                random(ID_BYTES),
                Secret.fromString(hostKeyPkcs8),
                hostKeyLine,
                Secret.fromString(random(TOKEN_BYTES)),
                node);
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
