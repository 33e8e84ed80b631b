package io.jenkins.plugins.remoteaccess.terminal;

import io.jenkins.plugins.remoteaccess.agent.tunnel.Tunnel;
import io.jenkins.plugins.remoteaccess.gateway.Passage;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;

/** One tunnel as a network connection of MINA's. */
final class TunnelSession extends AbstractCloseable implements IoSession, Tunnel.Client {
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final IoService service;
    private final IoHandler handler;
    private final SocketAddress remote;
    private final Caller caller;
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
    private final Deque<Runnable> early = new ArrayDeque<>();
    private Passage passage;
    private Runnable suspended;
    private boolean reading = true;

    TunnelSession(IoService service, IoHandler handler, SocketAddress remote, Caller caller) {
        this.caller = caller;
        this.service = service;
        this.handler = handler;
        this.remote = remote;
    }

    /** Who connects, and to which endpoint. */
    Caller caller() {
        return caller;
    }

    /** MINA may have written before it stands. */
    void opened(Passage stands) {
        synchronized (this) {
            passage = stands;
            early.forEach(Runnable::run);
            early.clear();
        }
        if (isClosing()) {
            stands.close();
        }
    }

    private static final class Written extends AbstractIoWriteFuture {
        private Written() {
            super("tunnel", null);
        }

        private void done(Throwable problem) {
            setValue(problem == null ? Boolean.TRUE : problem);
        }
    }

    @Override
    public synchronized IoWriteFuture writeBuffer(Buffer buffer) {
        Written written = new Written();
        ByteBuffer bytes = ByteBuffer.wrap(buffer.getCompactData());
        if (passage == null) {
            early.add(() -> send(bytes, written));
        } else {
            send(bytes, written);
        }
        return written;
    }

    private void send(ByteBuffer bytes, Written written) {
        CompletableFuture<Void> sent = passage.send(bytes);
        sent.whenComplete((done, problem) -> written.done(problem));
    }

    @Override
    public void received(ByteBuffer bytes, Runnable taken) throws IOException {
        try {
            handler.messageReceived(this, Readable.readable(bytes));
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) { // as messageReceived declares
            throw new IOException(e);
        }
        synchronized (this) {
            if (!reading) {
                suspended = taken;
                return;
            }
        }
        taken.run();
    }

    @Override
    public void ended(String why) {
        attributes.put(TunnelSession.class, why);
        close(true);
    }

    /** Why the tunnel ended; empty when it has not, or nobody said. */
    String why() {
        return (String) attributes.getOrDefault(TunnelSession.class, "");
    }

    @Override
    protected void doCloseImmediately() {
        Passage open;
        synchronized (this) {
            open = passage;
        }
        if (open != null) {
            open.close();
        }
        try {
            handler.sessionClosed(this);
        } catch (Exception e) { // as sessionClosed declares
            log.debug("closing", e);
        }
        super.doCloseImmediately();
    }

    @Override
    public synchronized void suspendRead() {
        reading = false;
    }

    @Override
    public void resumeRead() {
        Runnable resumed;
        synchronized (this) {
            reading = true;
            resumed = suspended;
            suspended = null;
        }
        if (resumed != null) {
            resumed.run();
        }
    }

    @Override
    public void shutdownOutputStream() {
        passage.finish();
    }

    @Override
    public long getId() {
        return id;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return remote;
    }

    @Override
    public SocketAddress getAcceptanceAddress() {
        return null;
    }

    @Override
    public IoService getService() {
        return service;
    }

    @Override
    public Object getAttribute(Object key) {
        return attributes.get(key);
    }

    @Override
    public Object setAttribute(Object key, Object value) {
        return attributes.put(key, value);
    }

    @Override
    public Object setAttributeIfAbsent(Object key, Object value) {
        return attributes.putIfAbsent(key, value);
    }

    @Override
    public Object removeAttribute(Object key) {
        return attributes.remove(key);
    }
}
