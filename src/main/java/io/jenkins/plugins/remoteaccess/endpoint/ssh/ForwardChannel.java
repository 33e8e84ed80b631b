package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.forward.TcpForwardingFilter;
import org.apache.sshd.server.forward.TcpipServerChannel;

/**
 * A forward that the client asks for, "direct-tcpip" of RFC 4254 section 7.2, to this machine's loopback alone. A name is
 * looked up once, and the address that was looked at is the one connected to.
 */
final class ForwardChannel extends TcpipServerChannel {
    private final Forwards forwards;
    private final Executor background;

    ForwardChannel(Forwards forwards, Executor background) {
        super(TcpForwardingFilter.Type.Direct, null);
        this.forwards = forwards;
        this.background = background;
    }

    @Override
    protected OpenFuture doInit(Buffer buffer) {
        String host = buffer.getString();
        int port = buffer.getInt();
        String originator = buffer.getString();
        int originatorPort = buffer.getInt();
        LiveConnection connection = LiveConnection.of(getSession());
        OpenFuture outcome = new DefaultOpenFuture(this, this);
        // A name server may take its time, and this is the thread of everybody's connection
        CompletableFuture.runAsync(
                () -> {
                    try {
                        Kind kind = forwards.check(connection, port);
                        InetAddress address = loopback(host);
                        connection.opened(kind, this);
                        forwards.log(connection, kind, host + ":" + port);
                        ByteArrayBuffer checked = new ByteArrayBuffer();
                        checked.putString(address.getHostAddress());
                        checked.putInt(port);
                        checked.putString(originator);
                        checked.putInt(originatorPort);
                        pass(super.doInit(checked), outcome, host, port);
                    } catch (IOException refused) {
                        forwards.refused(connection, "forward to " + host + ":" + port + ": " + refused.getMessage());
                        fail(outcome, SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, refused.getMessage(), refused);
                        close(true);
                    }
                },
                background);
        return outcome;
    }

    private void pass(OpenFuture opening, OpenFuture outcome, String host, int port) {
        opening.addListener(opened -> {
            if (opened.isOpened()) {
                outcome.setOpened();
            } else {
                fail(
                        outcome,
                        SshConstants.SSH_OPEN_CONNECT_FAILED,
                        "nothing answers at " + host + ":" + port,
                        opened.getException());
            }
        });
    }

    private void fail(OpenFuture outcome, int code, String reason, Throwable cause) {
        if (service instanceof BoundedConnectionService answering) {
            answering.reason(getRecipient(), reason);
        }
        outcome.setException(new SshChannelOpenException(getChannelId(), code, reason, cause));
    }

    /** The loopback address that {@code host} means; IOException with a clause for the user if it means any other. */
    static InetAddress loopback(String host) throws IOException {
        try {
            InetAddress[] addresses = "localhost".equalsIgnoreCase(host)
                    ? new InetAddress[] {InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})}
                    : InetAddress.getAllByName(host);
            if (!host.isEmpty() && Stream.of(addresses).allMatch(InetAddress::isLoopbackAddress)) {
                return addresses[0];
            }
        } catch (UnknownHostException unknown) {
            throw new IOException("this machine does not know the name", unknown);
        }
        throw new IOException("only this machine's loopback (localhost, 127.0.0.0/8, ::1) can be forwarded to");
    }
}
