package io.jenkins.plugins.remoteaccess.cli;

import hudson.AbortException;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Turns an id on the command line into an endpoint that the caller steers. */
final class EndpointArgument {
    private EndpointArgument() {}

    /**
     * The endpoint of this id.
     *
     * @throws IllegalArgumentException when there is none or the caller may not steer it: one sentence for both, so that ids cannot be
     *     found out by trying
     */
    static Endpoint controlled(String id) {
        return Endpoints.get()
                .find(id)
                .filter(endpoint -> Caller.at(endpoint).controls())
                .orElseThrow(() -> new IllegalArgumentException(Messages.EndpointArgument_none(id)));
    }

    /**
     * The endpoint of this id.
     *
     * @throws IllegalArgumentException when there is none or the caller may not connect to it: one sentence for both
     */
    static Endpoint connecting(String id) {
        return connecting(id, Jenkins.getAuthentication2());
    }

    /** The same for {@code authentication}. */
    static Endpoint connecting(String id, Authentication authentication) {
        return Endpoints.get()
                .find(id)
                .filter(endpoint -> connects(endpoint, authentication))
                .orElseThrow(() -> new IllegalArgumentException(Messages.EndpointArgument_noneToConnect(id)));
    }

    private static boolean connects(Endpoint endpoint, Authentication authentication) {
        Optional<String> refusal = new Caller(endpoint, authentication).refusal();
        refusal.ifPresent(why -> endpoint.audit().refused(authentication.getName(), why));
        return refusal.isEmpty();
    }

    /** The caller's account, which everyone who steers an endpoint has. */
    static User caller() throws AbortException {
        User user = User.current();
        if (user == null) {
            throw new AbortException(Messages.EndpointArgument_noAccount());
        }
        return user;
    }
}
