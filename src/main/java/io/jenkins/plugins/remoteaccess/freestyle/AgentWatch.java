package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.model.AbstractBuild;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells, once, when the connection to an agent closes: no launcher of a build outlives it, even if the agent comes back. */
final class AgentWatch extends Channel.Listener implements AutoCloseable {
    private final VirtualChannel channel;
    private final Runnable lost;
    private final AtomicBoolean told = new AtomicBoolean();

    private AgentWatch(VirtualChannel channel, Runnable lost) {
        this.channel = channel;
        this.lost = lost;
    }

    /** Watches until closed; {@code lost} must not wait. */
    static AgentWatch over(VirtualChannel channel, Runnable lost) {
        AgentWatch watch = new AgentWatch(channel, lost);
        if (channel instanceof Channel remote) {
            remote.addListener(watch);
            if (remote.isClosingOrClosed()) {
                watch.tell();
            }
        }
        return watch;
    }

    /** The sentence for it. */
    static String gone(AbstractBuild<?, ?> build) {
        return "the agent " + build.getBuiltOnStr() + " went offline, and this kind of build cannot go on without it";
    }

    @Override
    public void onClosed(Channel closed, IOException cause) {
        tell();
    }

    @Override
    public void close() {
        if (channel instanceof Channel remote) {
            remote.removeListener(this);
        }
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            lost.run();
        }
    }
}
