package io.jenkins.plugins.remoteaccess.gateway;

import hudson.model.User;
import io.jenkins.plugins.remoteaccess.agent.tunnel.Tunnel;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** One person's tunnel to one endpoint. Nothing here waits. Safe for use by any thread. */
public final class Passage implements AutoCloseable {
    private final Endpoint endpoint;
    private final User user;
    private final boolean outwards;
    private volatile Tunnel tunnel;

    Passage(Endpoint endpoint, User user, boolean outwards) {
        this.endpoint = endpoint;
        this.user = user;
        this.outwards = outwards;
    }

    void stands(Tunnel opened) {
        tunnel = opened;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    User user() {
        return user;
    }

    /** Whether it leads out of this controller, to somebody's SSH client. */
    boolean outwards() {
        return outwards;
    }

    /** Sends a copy of {@code bytes}; done when more may follow, see {@link Tunnel#send}. */
    public CompletableFuture<Void> send(ByteBuffer bytes) {
        return tunnel.send(bytes);
    }

    /** The person sends no more. */
    public void finish() {
        tunnel.finish();
    }

    /** Cuts it, and tells {@code why} to whom it serves. */
    public void close(String why) {
        tunnel.close(why);
    }

    @Override
    public void close() {
        tunnel.close();
    }

    /** Takes it out of the books when it ends. */
    record Listed(Tunnel.Client client, Runnable gone) implements Tunnel.Client {
        @Override
        public void received(ByteBuffer bytes, Runnable taken) throws IOException {
            client.received(bytes, taken);
        }

        @Override
        public void ended(String why) {
            gone.run();
            client.ended(why);
        }
    }
}
