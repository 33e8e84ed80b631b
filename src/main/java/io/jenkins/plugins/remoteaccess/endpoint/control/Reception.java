package io.jenkins.plugins.remoteaccess.endpoint.control;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Lets in what carries the token and can be understood; nothing else has any effect. */
final class Reception {
    private static final int LONGEST_TOKEN = 4_096;

    private final byte[] token;
    private final Steered endpoint;

    Reception(String token, Steered endpoint) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.endpoint = endpoint;
    }

    /** The request of a line, after which the lease is renewed; {@link BadMessage} for everything else. */
    Request admit(byte[] line) throws BadMessage {
        Members members = Members.read(line);
        byte[] given = members.optionalText("token", LONGEST_TOKEN).orElse("").getBytes(StandardCharsets.UTF_8);
        // In constant time, so that nobody finds the token letter by letter
        if (!MessageDigest.isEqual(token, given)) {
            throw new BadMessage("the token is not this endpoint's");
        }
        Version.check(members);
        endpoint.renew();
        return Request.of(members);
    }
}
