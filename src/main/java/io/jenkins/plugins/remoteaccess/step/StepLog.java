package io.jenkins.plugins.remoteaccess.step;

import hudson.model.TaskListener;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.HoldLog;
import io.jenkins.plugins.remoteaccess.hold.HoldTimes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** {@link HoldLog} from inside a step. */
final class StepLog {
    private static final Logger LOGGER = Logger.getLogger(StepLog.class.getName());

    private StepLog() {}

    /** Writes one line to the log of the build that {@code context} is in. */
    static void write(StepContext context, String line) {
        try {
            TaskListener listener = context.get(TaskListener.class);
            if (listener != null) {
                HoldLog.write(listener, line);
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
        HoldLog.announcement(endpoint, why, times).forEach(line -> write(context, line));
        Optional<Duration> left = trace.timeoutLeaves(Instant.now());
        Duration held = Duration.between(Instant.now(), times.deadline());
        if (left.isPresent() && left.get().compareTo(held) < 0) {
            write(
                    context,
                    "a timeout around this step leaves "
                            + Math.max(0, left.get().toMinutes()) + " min and will end the hold by then");
        }
    }
}
