package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import java.io.IOException;
import java.util.Optional;

/**
 * What a connection may be used for, decided anew for everything that is opened.
 *
 * @param grants tell what is forbidden to whom
 * @param refusals gets what was refused
 */
record Uses(Grants grants, Refusals refusals) {
    /**
     * Returns when {@code connection} may open something of this kind.
     *
     * @throws IOException with a sentence for its person, when it may not
     */
    void check(LiveConnection connection, Kind kind) throws IOException {
        Optional<Grant> grant = connection.grant(grants);
        if (grant.isEmpty()) {
            throw new IOException("your access has been taken back");
        }
        if (grant.get().forbidden().contains(kind.label())) {
            refusals.add(connection.id(), connection.user(), kind.label() + ": not allowed by the administrators");
            throw new IOException("the administrators of this Jenkins do not allow " + kind.plural() + " here");
        }
    }
}
