package io.jenkins.plugins.remoteaccess.hold;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.util.List;
import java.util.Optional;

/** Opens endpoints beside what a build is doing at this moment, holding nothing: for one that hangs. */
public interface Opener extends ExtensionPoint {
    /** Whether {@code run} is of a kind that this one can open an endpoint in. */
    boolean knows(Run<?, ?> run);

    /**
     * Endpoints in each place on an agent where {@code run} is at work: those that are open there, and new ones where none is. They end
     * with that place. May ask agents, so not under a lock and not while a page is rendered.
     *
     * @throws Refusal when the build is nowhere at work, or no endpoint may be opened there
     */
    List<Endpoint> open(Run<?, ?> run) throws Refusal;

    /** The one for {@code run}. */
    static Optional<Opener> of(Run<?, ?> run) {
        return ExtensionList.lookup(Opener.class).stream()
                .filter(opener -> opener.knows(run))
                .findFirst();
    }
}
