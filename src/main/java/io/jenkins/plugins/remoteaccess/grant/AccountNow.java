package io.jenkins.plugins.remoteaccess.grant;

import hudson.model.User;
import java.util.Optional;
import org.springframework.security.authentication.AccountStatusException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** A user as the security realm sees them at this moment, whatever they logged in with and when. */
public final class AccountNow {
    private AccountNow() {}

    /**
     * The user with the groups of this moment; empty when there is no such account any more, or it is disabled. Asks the security realm, so
     * not under a lock that others wait for; throws what {@link GrantBook#realmIsDown} knows when the realm cannot answer.
     */
    public static Optional<Authentication> of(User user) {
        try {
            return Optional.of(user.impersonate2());
        } catch (UsernameNotFoundException | AccountStatusException e) {
            return Optional.empty();
        }
    }
}
