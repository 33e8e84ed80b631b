package io.jenkins.plugins.remoteaccess.endpoint.session;

import java.security.PublicKey;
import java.util.Set;

/**
 * One Jenkins user let into this endpoint.
 *
 * @param user the Jenkins user ID; identity comes from the key alone, never from the SSH user name
 * @param keys the public keys this user may prove to hold; never empty for a grant of use, but an empty set is harmless
 * @param secrets whether shells of this user keep the variables that {@link Place#sensitive()} names
 * @param forbidden what this user may not open, by the names of {@link Connection#kind()}
 * @param recordBytes how large a recording of what this user is shown may become; 0 where nothing is recorded
 */
public record Grant(String user, Set<PublicKey> keys, boolean secrets, Set<String> forbidden, long recordBytes) {
    /** Copies the sets. */
    public Grant {
        keys = Set.copyOf(keys);
        forbidden = Set.copyOf(forbidden);
    }

    /** A grant that forbids nothing, of somebody who is not recorded. */
    public Grant(String user, Set<PublicKey> keys, boolean secrets) {
        this(user, keys, secrets, Set.of(), 0);
    }

    /** A grant of somebody who is not recorded. */
    public Grant(String user, Set<PublicKey> keys, boolean secrets, Set<String> forbidden) {
        this(user, keys, secrets, forbidden, 0);
    }

    /** A grant that forbids nothing. */
    public Grant(String user, Set<PublicKey> keys, boolean secrets, long recordBytes) {
        this(user, keys, secrets, Set.of(), recordBytes);
    }
}
