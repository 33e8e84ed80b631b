package io.jenkins.plugins.remoteaccess.endpoint.session;

import java.security.PublicKey;
import java.util.Set;

/**
 * One Jenkins user let into this endpoint.
 *
 * @param user the Jenkins user ID; identity comes from the key alone, never from the SSH user name
 * @param keys the public keys this user may prove to hold; never empty for a grant of use, but an empty set is harmless
 * @param secrets whether shells of this user keep the variables that {@link Place#sensitive()} names
 * @param recordBytes how large a recording of what this user is shown may become; 0 where nothing is recorded
 */
public record Grant(String user, Set<PublicKey> keys, boolean secrets, long recordBytes) {
    /** Copies {@code keys}. */
    public Grant {
        keys = Set.copyOf(keys);
    }

    /** A grant of somebody who is not recorded. */
    public Grant(String user, Set<PublicKey> keys, boolean secrets) {
        this(user, keys, secrets, 0);
    }
}
