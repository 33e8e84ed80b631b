package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;

/**
 * A session channel (RFC 4254 section 6) that tells the exit status before the end of the output. MINA tells it after that: a client
 * whose own input has ended answers the end of the output by closing the channel, and when that comes before the status has been sent,
 * MINA sends none and {@code ssh} exits with 255.
 */
final class SessionChannel extends ChannelSession {
    @Override
    protected void closeShell(int exitValue, boolean immediately) throws IOException {
        if (!isClosing()) {
            sendExitStatus(exitValue);
        }
        super.closeShell(exitValue, immediately);
    }

    static ChannelFactory factory() {
        return new ChannelSessionFactory() {
            @Override
            public Channel createChannel(Session session) {
                return new SessionChannel();
            }
        };
    }
}
