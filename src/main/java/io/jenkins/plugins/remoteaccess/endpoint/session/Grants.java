package io.jenkins.plugins.remoteaccess.endpoint.session;

import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/** The grants in force, replaced as a whole while the endpoint runs. Safe for use by any thread. */
public final class Grants {
    private volatile List<Grant> current = List.of();

    /** Puts {@code grants} in force for every decision made from now on; cutting connections is the caller's to do. */
    public void replace(List<Grant> grants) {
        current = List.copyOf(grants);
    }

    /** The grant that names {@code key}, if there is one. */
    public Optional<Grant> of(PublicKey key) {
        return current.stream().filter(grant -> grant.keys().contains(key)).findFirst();
    }

    /** Everybody let in at this moment. */
    public List<Grant> all() {
        return current;
    }
}
