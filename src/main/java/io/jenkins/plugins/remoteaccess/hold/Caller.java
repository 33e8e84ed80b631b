package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.policy.ConnectPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * What one person may see and do at one endpoint, asked anew each time: page and command line decide by the same sentences.
 *
 * @param endpoint where
 * @param authentication who
 */
public record Caller(Endpoint endpoint, Authentication authentication) {
    /** Whoever the current thread acts for. */
    public static Caller at(Endpoint endpoint) {
        return new Caller(endpoint, Jenkins.getAuthentication2());
    }

    /** Why they may not connect, as a sentence; empty when they may. */
    public Optional<String> refusal() {
        return endpoint.policy().refusal(authentication);
    }

    /** Whether they may steer what others hold; nobody does while security is off, since nobody can be told from anybody else. */
    public boolean manages() {
        return Jenkins.get().isUseSecurity()
                && !ACL.isAnonymous2(authentication)
                && endpoint.run().getACL().hasPermission2(authentication, RemoteAccessPermissions.MANAGE);
    }

    /** Whether they may know of it: who may connect, and who manages. */
    public boolean sees() {
        return manages() || refusal().isEmpty();
    }

    /** Whether they have been let in and still may connect. */
    public boolean granted() {
        return refusal().isEmpty() && user().filter(endpoint::grants).isPresent();
    }

    /** Whether they may extend and end the hold. */
    public boolean controls() {
        return manages() || granted();
    }

    /** Whether they may cut {@code connection}: their own, or anybody's for who manages. */
    public boolean cuts(Snapshot.Connection connection) {
        return manages()
                || !ACL.isAnonymous2(authentication)
                        && ConnectPolicy.sameUser(connection.user(), authentication.getName());
    }

    /** Their account; empty for who has none. */
    public Optional<User> user() {
        return Optional.ofNullable(User.get2(authentication));
    }
}
