package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.Bind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.sshd.server.SshServer;

/** Finds a port to listen at. */
final class Listening {
    private Listening() {}

    /** Starts {@code server}: the preferred port first, so that clients find an endpoint that comes back. */
    static void start(SshServer server, Bind bind) throws IOException {
        server.setHost(bind.address());
        IOException last = null;
        for (int port : candidates(bind)) {
            try {
                server.setPort(port);
                server.start();
                return;
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw new IOException(
                "cannot listen at " + bind.address() + ", " + ports(bind) + ": " + last.getMessage()
                        + ". Set another bind address or more ports.",
                last);
    }

    private static Set<Integer> candidates(Bind bind) {
        Set<Integer> candidates = new LinkedHashSet<>();
        if (bind.preferred() > 0) {
            candidates.add(bind.preferred());
        }
        List<Integer> range = new ArrayList<>(
                IntStream.rangeClosed(bind.first(), bind.last()).boxed().toList());
        // Endpoints that start together would otherwise all fight for the first one
        Collections.shuffle(range);
        candidates.addAll(range);
        return candidates;
    }

    private static String ports(Bind bind) {
        String range = bind.first() == 0 ? "any port" : "ports " + bind.first() + " to " + bind.last();
        return bind.preferred() > 0 ? "port " + bind.preferred() + " or " + range : range;
    }
}
