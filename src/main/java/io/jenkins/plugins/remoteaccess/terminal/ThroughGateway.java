package io.jenkins.plugins.remoteaccess.terminal;

import io.jenkins.plugins.remoteaccess.gateway.Gateway;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.Factory;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.DefaultIoConnectFuture;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.threads.CloseableExecutorService;

/** What MINA uses for a network: tunnels instead of sockets, and no thread of its own. */
final class ThroughGateway extends AbstractCloseable implements IoServiceFactoryFactory, IoServiceFactory, IoConnector {
    private final Map<Long, IoSession> sessions = new ConcurrentHashMap<>();
    private IoHandler handler;

    /** Where the context of a connection tells who connects, and to which endpoint: MINA has no other addresses than those of IP. */
    static final AttributeRepository.AttributeKey<Caller> CALLER = new AttributeRepository.AttributeKey<>();

    @Override
    public IoServiceFactory create(FactoryManager manager) {
        return this;
    }

    @Override
    public void setExecutorServiceFactory(Factory<CloseableExecutorService> factory) {
        // Tunnels have threads of Jenkins'
    }

    @Override
    public IoConnector createConnector(IoHandler toHandle) {
        handler = toHandle;
        return this;
    }

    @Override
    public IoAcceptor createAcceptor(IoHandler toHandle) {
        throw new UnsupportedOperationException("nothing listens here");
    }

    @Override
    public IoConnectFuture connect(SocketAddress target, AttributeRepository context, SocketAddress local) {
        DefaultIoConnectFuture connected = new DefaultIoConnectFuture(target, null);
        Caller caller = context.getAttribute(CALLER);
        TunnelSession session = new TunnelSession(this, handler, target, caller);
        session.setAttribute(AttributeRepository.class, context);
        try {
            sessions.put(session.getId(), session);
            session.addCloseFutureListener(closed -> sessions.remove(session.getId()));
            handler.sessionCreated(session);
            session.opened(Gateway.get().open(caller, session));
            connected.setSession(session);
        } catch (Refusal refused) {
            session.close(true);
            connected.setException(new IOException(refused.getMessage(), refused));
        } catch (Exception e) { // as sessionCreated declares
            session.close(true);
            connected.setException(e);
        }
        return connected;
    }

    @Override
    public Map<Long, IoSession> getManagedSessions() {
        return sessions;
    }

    @Override
    public IoServiceEventListener getIoServiceEventListener() {
        return null;
    }

    @Override
    public void setIoServiceEventListener(IoServiceEventListener listener) {
        // Nobody wants to know
    }
}
