package io.jenkins.plugins.remoteaccess.hold;

import hudson.console.ModelHyperlinkNote;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.grant.AccountKeys;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.springframework.security.core.AuthenticationException;

/** What the build's log says of a hold: briefly, and never a secret. */
public final class HoldLog {
    private static final Logger LOGGER = Logger.getLogger(HoldLog.class.getName());
    private static final String PREFIX = "[Remote Access] ";

    private HoldLog() {}

    /** Writes one line. */
    public static void write(TaskListener listener, String line) {
        listener.getLogger().println(PREFIX + line);
    }

    /** Why the build waits, where to look, until when, and who may come in. Asks the security realm. */
    public static List<String> announcement(Endpoint endpoint, String why, HoldTimes times) {
        Run<?, ?> run = endpoint.run();
        return List.of(
                "held: " + why,
                "how to get in: "
                        + ModelHyperlinkNote.encodeTo('/' + run.getUrl() + "remote-access/", run.getFullDisplayName()),
                "until " + LogTimes.until(times.deadline())
                        + times.connectBy()
                                .map(by -> "; released at " + LogTimes.until(by) + " if nobody has connected")
                                .orElse(""),
                whoMayConnect(endpoint));
    }

    private static String whoMayConnect(Endpoint endpoint) {
        Optional<User> requester = endpoint.record().requester().map(id -> User.getById(id, false));
        if (requester.isEmpty()) {
            return "nobody in particular started this build; whoever may connect lets themselves in on that page";
        }
        String id = requester.get().getId();
        if (!mayConnect(endpoint, requester.get())) {
            return id + ", who started this build, may not connect; whoever may lets themselves in on that page";
        }
        return AccountKeys.of(requester.get()).isEmpty()
                ? id + " may connect, but has no public key in their Jenkins account; that page gives out a key"
                : id + " may connect with the keys of their Jenkins account";
    }

    /** Asks the policy, since the endpoint lets the requester in only when it has begun to open. */
    private static boolean mayConnect(Endpoint endpoint, User requester) {
        try {
            return endpoint.policy().refusal(requester.impersonate2()).isEmpty();
        } catch (AuthenticationException e) {
            LOGGER.log(
                    Level.FINE, e, () -> requester.getId() + " has no account any more, or the realm does not answer");
            return false;
        }
    }
}
