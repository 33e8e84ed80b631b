package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.AbstractServerSession;
import org.apache.sshd.server.session.ServerConnectionService;
import org.apache.sshd.server.session.ServerConnectionServiceFactory;

/** MINA's connection service with a bound on open channels, and with refusals that say why (RFC 4254 section 5.1). */
final class BoundedConnectionService extends ServerConnectionService {
    private static final int MOST_CHANNELS = 64;

    private final Map<Long, String> reasons = new ConcurrentHashMap<>();

    private BoundedConnectionService(AbstractServerSession session) throws IOException {
        super(session);
    }

    static ServerConnectionServiceFactory factory() {
        return new ServerConnectionServiceFactory() {
            @Override
            public Service create(Session session) throws IOException {
                return new BoundedConnectionService((AbstractServerSession) session);
            }
        };
    }

    /** What to answer instead of MINA's "Generic error" when opening the client's channel {@code recipient} fails. */
    void reason(long recipient, String reason) {
        reasons.put(recipient, reason);
    }

    @Override
    protected void channelOpen(Buffer buffer) throws Exception {
        if (getChannels().size() < MOST_CHANNELS) {
            super.channelOpen(buffer);
            return;
        }
        buffer.getString();
        sendChannelOpenFailure(
                buffer,
                buffer.getUInt(),
                SshConstants.SSH_OPEN_RESOURCE_SHORTAGE,
                "at most " + MOST_CHANNELS + " channels may be open in one connection",
                "");
    }

    @Override
    protected IoWriteFuture sendChannelOpenFailure(
            Buffer buffer, long recipient, int code, String message, String language) throws IOException {
        String reason = reasons.remove(recipient);
        return super.sendChannelOpenFailure(buffer, recipient, code, reason == null ? message : reason, language);
    }
}
