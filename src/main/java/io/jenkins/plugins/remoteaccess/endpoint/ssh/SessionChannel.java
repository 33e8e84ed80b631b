package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.util.List;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * A session channel (RFC 4254 section 6) that tells the exit status before the end of the output. MINA tells it after that: a client
 * whose own input has ended answers the end of the output by closing the channel, and when that comes before the status has been sent,
 * MINA sends none and {@code ssh} exits with 255.
 */
final class SessionChannel extends ChannelSession {
    /** By the name it has in MINA, the one of old. */
    static final Signal ABRT = Signal.IOT;

    SessionChannel(List<RequestHandler<Channel>> requests) {
        super(requests);
    }

    /** The name that RFC 4254 section 6.10 and kill(1) have for {@code signal}. */
    static String name(Signal signal) {
        return signal == ABRT ? "ABRT" : signal.name();
    }

    @Override
    protected RequestHandler.Result handleSignalParsed(String name) throws IOException {
        return super.handleSignalParsed(name.equals("ABRT") ? ABRT.name() : name);
    }

    @Override
    protected void closeShell(int exitValue, boolean immediately) throws IOException {
        if (!isClosing()) {
            sendExitStatus(exitValue);
        }
        super.closeShell(exitValue, immediately);
    }
}
