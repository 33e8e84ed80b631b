package io.jenkins.plugins.remoteaccess.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.remoteaccess.agent.Enclosure;
import io.jenkins.plugins.remoteaccess.agent.Place;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Starts a fixed script of the endpoint's inside what a step ran in, through the step's own launcher, which alone gets in there: it takes
 * commands from a folder that both sides see. It ends with that folder, and gives way to a later one.
 */
final class Relay {
    private static final Logger LOGGER = Logger.getLogger(Relay.class.getName());
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_MILLIS = 200;

    private final StepContext context;

    private Relay(StepContext context) {
        this.context = context;
    }

    /** Sees to it by and by that endpoint {@code id} gets into {@code place}, where only the controller does; returns at once. */
    static void begin(StepContext context, String id, Place place) {
        place.enclosure()
                .filter(Enclosure::relayed)
                .ifPresent(inside -> Computer.threadPoolForRemoting.execute(() -> {
                    try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                        new Relay(context).start(id, place, inside);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException | RuntimeException e) {
                        // A hold without a shell where the step ran is a hold still
                        LOGGER.log(Level.WARNING, e, () -> "The relay of " + context);
                        StepLog.write(context, "no shell can be had where the step ran: " + e.getMessage());
                    }
                }));
    }

    /** Waits for the folder of endpoint {@code id} and starts the script in {@code place}; blocks for a minute at most. */
    private void start(String id, Place place, Enclosure enclosure) throws IOException, InterruptedException {
        FilePath workspace = context.get(FilePath.class);
        Launcher launcher = context.get(Launcher.class);
        EnvVars environment = context.get(EnvVars.class);
        if (workspace == null || launcher == null || environment == null) {
            return; // the agent is away; what comes back with it starts another
        }
        FilePath script = new FilePath(workspace.getChannel(), enclosure.shared())
                .child("remote-access-" + id)
                .child("relay");
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!script.exists()) {
            if (System.nanoTime() > end) {
                throw new IOException("the endpoint has made no " + script.getRemote());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        launcher.launch()
                .cmds("sh", script.getRemote(), UUID.randomUUID().toString())
                .envs(environment)
                .pwd(new FilePath(workspace.getChannel(), place.directory()))
                .quiet(true)
                .stdout(OutputStream.nullOutputStream())
                .start();
    }
}
