package io.jenkins.plugins.remoteaccess.grant;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One Jenkins user let into one endpoint.
 *
 * @param user the Jenkins user ID
 * @param keys the public keys they may use, of the account and made for this endpoint alike
 * @param secrets whether their shells keep the variables that the build bound as secrets
 * @param forbidden the uses that are forbidden
 * @param recordBytes how large a recording of what they are shown may become; 0: they are not recorded
 */
public record Grant(String user, List<PublicKeyLine> keys, boolean secrets, Set<String> forbidden, long recordBytes)
        implements Serializable {
    /** Copies the collections into some that serialize the same everywhere. */
    public Grant {
        keys = new ArrayList<>(keys);
        forbidden = new HashSet<>(forbidden);
    }

    /** This grant with further keys. */
    public Grant with(List<PublicKeyLine> more) {
        return new Grant(
                user, Stream.concat(keys.stream(), more.stream()).distinct().toList(), secrets, forbidden, recordBytes);
    }

    /** Whether the public key with this fingerprint, as OpenSSH prints it, is one of {@link #keys}. */
    public boolean hasKey(String fingerprint) {
        return keys.stream().anyMatch(key -> key.fingerprint().equals(fingerprint));
    }
}
