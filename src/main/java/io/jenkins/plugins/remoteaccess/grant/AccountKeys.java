package io.jenkins.plugins.remoteaccess.grant;

import hudson.model.User;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.main.modules.cli.auth.ssh.UserPropertyImpl;

/** The public keys somebody has put into their Jenkins account. */
public final class AccountKeys {
    private static final int MOST = 100;

    private AccountKeys() {}

    /**
     * The keys of {@code user} that an endpoint can take, at most 100; empty when there is none.
     * {@code UserPropertyImpl} itself refuses all keys for one bad line, so the lines are read here.
     */
    public static List<PublicKeyLine> of(User user) {
        UserPropertyImpl property = user.getProperty(UserPropertyImpl.class);
        if (property == null || property.authorizedKeys == null) {
            return List.of();
        }
        return property.authorizedKeys
                .lines()
                .map(PublicKeyLine::parse)
                .flatMap(Optional::stream)
                .distinct()
                .limit(MOST)
                .toList();
    }

    /** Whether the controller's own SSH server lets {@code user} in: it takes no key of an account with a line that it cannot read. */
    public static boolean openController(User user) {
        UserPropertyImpl property = user.getProperty(UserPropertyImpl.class);
        try {
            return of(user).stream().anyMatch(key -> property.isAuthorizedKey(key.toString()));
        } catch (RuntimeException unreadable) {
            return false;
        }
    }
}
