package io.jenkins.plugins.remoteaccess.agent;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.remoting.VirtualChannel;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Ends what is left on an agent of endpoints that nobody knows any more. */
public final class EndpointSweep {
    private static final Logger LOGGER = Logger.getLogger(EndpointSweep.class.getName());

    private EndpointSweep() {}

    /** Ends every endpoint on {@code computer} that is not among {@code known}; talks to the agent and blocks until it has answered. */
    public static void run(Computer computer, Set<String> known) {
        Node node = computer.getNode();
        VirtualChannel channel = computer.getChannel();
        FilePath root = node == null ? null : node.getRootPath();
        if (channel == null || root == null) {
            return;
        }
        try {
            List<String> ended =
                    channel.call(new Sweep(root.child(EndpointLink.BASE).getRemote(), known));
            if (!ended.isEmpty()) {
                LOGGER.info(() -> "Ended endpoints that were left on " + computer.getName() + ": " + ended);
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot look for endpoints left on " + computer.getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
