package io.jenkins.plugins.remoteaccess.step;

import hudson.console.ModelHyperlinkNote;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.grant.AccountKeys;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.HoldTimes;
import io.jenkins.plugins.remoteaccess.hold.LogTimes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** What the build's log says of a hold: briefly, and never a secret. */
final class HoldLog {
    private static final Logger LOGGER = Logger.getLogger(HoldLog.class.getName());
    private static final String PREFIX = "[Remote Access] ";

    private HoldLog() {}

    /** Writes one line to the log of the build that {@code context} is in. */
    static void write(StepContext context, String line) {
        try {
            TaskListener listener = context.get(TaskListener.class);
            if (listener != null) {
                listener.getLogger().println(PREFIX + line);
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot write to the log: " + line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says why the build waits, where to look, until when, and who may come in. */
    static void announce(StepContext context, Endpoint endpoint, String why, HoldTimes times, FlowTrace trace)
            throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        write(context, "held: " + why);
        write(
                context,
                "how to get in: "
                        + ModelHyperlinkNote.encodeTo('/' + run.getUrl() + "remote-access/", run.getFullDisplayName()));
        write(
                context,
                "until " + LogTimes.until(times.deadline())
                        + times.connectBy()
                                .map(by -> "; released at " + LogTimes.until(by) + " if nobody has connected")
                                .orElse(""));
        write(context, whoMayConnect(endpoint));
        Optional<Duration> left = trace.timeoutLeaves(Instant.now());
        Duration held = Duration.between(Instant.now(), times.deadline());
        if (left.isPresent() && left.get().compareTo(held) < 0) {
            write(
                    context,
                    "a timeout around this step leaves "
                            + Math.max(0, left.get().toMinutes()) + " min and will end the hold by then");
        }
    }

    private static String whoMayConnect(Endpoint endpoint) {
        Optional<User> requester = endpoint.record().requester().map(id -> User.getById(id, false));
        if (requester.isEmpty()) {
            return "nobody in particular started this build; whoever may connect lets themselves in on that page";
        }
        String id = requester.get().getId();
        if (!endpoint.grants(requester.get())) {
            return id + ", who started this build, may not connect; whoever may lets themselves in on that page";
        }
        return AccountKeys.of(requester.get()).isEmpty()
                ? id + " may connect, but has no public key in their Jenkins account; that page gives out a key"
                : id + " may connect with the keys of their Jenkins account";
    }
}
