package io.jenkins.plugins.remoteaccess.cli;

import hudson.model.Computer;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.agent.tunnel.Tunnel;
import io.jenkins.plugins.remoteaccess.gateway.Gateway;
import io.jenkins.plugins.remoteaccess.gateway.Passage;
import io.jenkins.plugins.remoteaccess.grant.AccountNow;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.apache.sshd.common.io.IoInputStream;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionAware;
import org.apache.sshd.server.command.AsyncCommand;
import org.springframework.security.core.Authentication;

/**
 * {@code tunnel-remote-access ID} over the controller's SSH (RFC 4254 section 6.5): the channel's windows are the tunnel's back-pressure,
 * and no thread is held while nothing moves.
 */
final class TunnelSshCommand implements AsyncCommand, ChannelSessionAware, ChannelDataReceiver, Tunnel.Client {
    private static final Logger LOGGER = Logger.getLogger(TunnelSshCommand.class.getName());
    private static final int REFUSED = 255;

    private final List<String> arguments;
    private final ByteArrayOutputStream early = new ByteArrayOutputStream();
    private ChannelSession channel;
    private IoOutputStream output;
    private IoOutputStream errors;
    private ExitCallback exit;
    private Passage passage;
    private Owed owed;
    private boolean inputEnded;
    private boolean destroyed;

    /** Bytes that the client may send again when {@code sent} is done: packets of one byte each shall not cost memory each. */
    private static final class Owed {
        private final CompletableFuture<Void> sent;
        private int count;

        private Owed(CompletableFuture<Void> sent, int count) {
            this.sent = sent;
            this.count = count;
        }
    }

    TunnelSshCommand(List<String> arguments) {
        this.arguments = List.copyOf(arguments);
    }

    @Override
    public void setChannelSession(ChannelSession session) {
        channel = session;
        session.setDataReceiver(this);
    }

    @Override
    public void setIoOutputStream(IoOutputStream out) {
        output = out;
    }

    @Override
    public void setIoErrorStream(IoOutputStream err) {
        errors = err;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    /** Asks the security realm, so not on the network's thread. */
    @Override
    public void start(ChannelSession session, Environment environment) {
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                enter(open());
            } catch (Refusal | RuntimeException refused) {
                LOGGER.log(Level.FINE, "No tunnel", refused);
                ended(String.valueOf(refused.getMessage()));
            }
        });
    }

    private Passage open() throws Refusal {
        if (arguments.size() != 1) {
            throw new Refusal(Messages.TunnelSshCommand_usage());
        }
        Authentication caller = caller();
        return Gateway.get()
                .openOutwards(new Caller(EndpointArgument.connecting(arguments.get(0), caller), caller), this);
    }

    /** Whoever has authenticated; without security that was nobody. */
    private Authentication caller() {
        User user = Jenkins.get().isUseSecurity()
                ? User.getById(channel.getSession().getUsername(), false)
                : null;
        return user == null ? Jenkins.ANONYMOUS2 : AccountNow.of(user).orElse(Jenkins.ANONYMOUS2);
    }

    private void enter(Passage opened) {
        synchronized (this) {
            passage = opened;
            pass(early.toByteArray(), 0, early.size());
            early.reset();
            if (inputEnded) {
                opened.finish();
            }
            if (!destroyed) {
                return;
            }
        }
        opened.close();
    }

    /** Called on the network's thread; the window gets its bytes back when they are on their way. */
    @Override
    public synchronized int data(ChannelSession session, byte[] bytes, int start, int length) {
        if (passage == null) {
            early.write(bytes, start, length);
        } else {
            pass(bytes, start, length);
        }
        return 0;
    }

    private void pass(byte[] bytes, int start, int length) {
        CompletableFuture<Void> sent = passage.send(ByteBuffer.wrap(bytes, start, length));
        if (owed != null && owed.sent == sent) {
            owed.count += length;
        } else {
            Owed next = new Owed(sent, length);
            owed = next;
            sent.thenRun(() -> repay(next));
        }
    }

    private void repay(Owed due) {
        int count;
        synchronized (this) {
            count = due.count;
            due.count = 0;
        }
        if (channel.getLocalWindow().isOpen()) {
            release(count);
        }
    }

    private void release(int count) {
        try {
            channel.getLocalWindow().release(count);
        } catch (IOException gone) {
            LOGGER.log(Level.FINER, "The client is gone", gone);
        }
    }

    /** The client sends no more. */
    @Override
    public synchronized void close() {
        inputEnded = true;
        if (passage != null) {
            passage.finish();
        }
    }

    @Override
    public void received(ByteBuffer bytes, Runnable taken) throws IOException {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        output.writeBuffer(new ByteArrayBuffer(copy)).addListener(written -> {
            if (written.isWritten()) {
                taken.run();
            } else {
                destroy(channel);
            }
        });
    }

    @Override
    public void ended(String why) {
        if (why.isEmpty()) {
            exit.onExit(0);
            return;
        }
        try {
            byte[] line = ("ERROR: " + why + "\r\n").getBytes(StandardCharsets.UTF_8);
            errors.writeBuffer(new ByteArrayBuffer(line)).addListener(written -> exit.onExit(REFUSED, why));
        } catch (IOException gone) {
            exit.onExit(REFUSED, why);
        }
    }

    /** The channel has closed, or the connection is lost. */
    @Override
    public void destroy(ChannelSession session) {
        Passage open;
        synchronized (this) {
            destroyed = true;
            open = passage;
        }
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void setIoInputStream(IoInputStream in) {
        // Not called where there is a receiver of data, nor are those that follow
    }

    @Override
    public void setInputStream(InputStream in) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setOutputStream(OutputStream out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setErrorStream(OutputStream err) {
        throw new UnsupportedOperationException();
    }
}
