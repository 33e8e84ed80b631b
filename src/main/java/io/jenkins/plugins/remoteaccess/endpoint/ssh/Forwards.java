package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.apache.sshd.server.channel.PuttyRequestHandler;
import org.apache.sshd.server.forward.ForwardingFilter;

/** What may be forwarded (RFC 4254 section 7): to loopback, on the client's request; nothing towards the client. */
final class Forwards implements ForwardingFilter, RequestHandler<ConnectionService> {
    private final EventLog events;
    private final Uses uses;
    private final IntSupplier screen;
    private final Executor background;

    Forwards(EventLog events, Uses uses, IntSupplier screen, Executor background) {
        this.events = events;
        this.uses = uses;
        this.screen = screen;
        this.background = background;
    }

    /** The kinds of channel that are answered at all. */
    List<ChannelFactory> channels() {
        List<RequestHandler<Channel>> requests = List.of(PuttyRequestHandler.INSTANCE, this::refuseTowardsClient);
        return List.of(
                channel("session", () -> new SessionChannel(requests)),
                channel("direct-tcpip", () -> new ForwardChannel(this, background)),
                channel("direct-streamlocal@openssh.com", () -> new RefusedChannel(this)));
    }

    /** The connection-wide requests that are answered at all. */
    List<RequestHandler<ConnectionService>> requests() {
        return List.of(new KeepAliveHandler(), this);
    }

    private static ChannelFactory channel(String type, Supplier<Channel> maker) {
        return new ChannelFactory() {
            @Override
            public String getName() {
                return type;
            }

            @Override
            public Channel createChannel(Session session) {
                return maker.get();
            }
        };
    }

    void log(LiveConnection connection, Kind kind, String target) {
        connection.log(events, kind, target);
    }

    /** What a forward to {@code port} is; IOException with a sentence where {@code connection} may not have it. */
    Kind check(LiveConnection connection, int port) throws IOException {
        Kind kind = port > 0 && port == screen.getAsInt() ? Kind.SCREEN : Kind.FORWARD;
        uses.check(connection, kind);
        return kind;
    }

    void refused(LiveConnection connection, String what) {
        uses.refusals().add(connection.id(), connection.user(), what);
    }

    /** Refuses {@code -R} (section 7.1), and says so in the terminal: the answer itself has no room for a reason. */
    @Override
    public Result process(ConnectionService service, String request, boolean wantReply, Buffer buffer) {
        if (!request.equals("tcpip-forward") && !request.equals("streamlocal-forward@openssh.com")) {
            return Result.Unsupported;
        }
        refuse(service.getSession(), "Forwarding from this machine to yours (ssh -R)");
        return Result.ReplyFailure;
    }

    /** Refuses {@code -A} and {@code -X}, which the client asks for on a session channel (section 6.3), and says so in its terminal. */
    private RequestHandler.Result refuseTowardsClient(
            Channel channel, String request, boolean wantReply, Buffer buffer) {
        switch (request) {
            case "auth-agent-req", "auth-agent-req@openssh.com" ->
                refuse(channel.getSession(), "Agent forwarding (ssh -A)");
            case "x11-req" -> refuse(channel.getSession(), "X11 forwarding (ssh -X)");
            default -> {
                return Result.Unsupported;
            }
        }
        return Result.ReplyFailure;
    }

    private void refuse(Session session, String what) {
        LiveConnection connection = LiveConnection.of(session);
        connection.note(what + " is not available here.");
        refused(connection, what);
    }

    @Override
    public boolean canForwardAgent(Session session, String requestType) {
        return false;
    }

    @Override
    public boolean canForwardX11(Session session, String requestType) {
        return false;
    }

    @Override
    public boolean canListen(SshdSocketAddress address, Session session) {
        return false;
    }

    /** Only {@link ForwardChannel} asks, with an address that it has checked. */
    @Override
    public boolean canConnect(Type type, SshdSocketAddress address, Session session) {
        return type == Type.Direct;
    }

    /** Refuses what is asked for, with a reason. */
    private static final class RefusedChannel extends AbstractServerChannel {
        private static final String REASON = "Unix sockets cannot be forwarded to";
        private final Forwards forwards;

        RefusedChannel(Forwards forwards) {
            super("", List.of(), null);
            this.forwards = forwards;
        }

        @Override
        protected OpenFuture doInit(Buffer buffer) {
            String path = buffer.getString();
            forwards.refused(LiveConnection.of(getSession()), "forward to " + path + ": " + REASON);
            if (service instanceof BoundedConnectionService answering) {
                answering.reason(getRecipient(), REASON);
            }
            OpenFuture outcome = new DefaultOpenFuture(this, this);
            outcome.setException(new SshChannelOpenException(
                    getChannelId(), SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, REASON));
            close(true);
            return outcome;
        }

        @Override
        protected void doWriteData(byte[] data, int offset, long length) {
            throw new IllegalStateException("this channel is never open");
        }

        @Override
        protected void doWriteExtendedData(byte[] data, int offset, long length) {
            throw new IllegalStateException("this channel is never open");
        }
    }
}
