package io.jenkins.plugins.remoteaccess.agent.tunnel;

import hudson.remoting.RemoteOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import jenkins.agents.ControllerToAgentCallable;

/**
 * Connects to a port of the agent's own and gives back where to write to.
 *
 * @param addresses the agent's addresses, to be tried in this order
 * @param port the port
 * @param toController takes {@link Frames}
 */
record OpenSocket(ArrayList<String> addresses, int port, RemoteOutputStream toController)
        implements ControllerToAgentCallable<RemoteOutputStream, IOException> {
    private static final int PATIENCE_MILLIS = 5_000;

    OpenSocket(List<String> addresses, int port, RemoteOutputStream toController) {
        this(new ArrayList<>(addresses), port, toController);
    }

    @Override
    public RemoteOutputStream call() throws IOException {
        IOException last = new IOException("no address to connect to");
        for (String address : addresses) {
            try {
                SocketEnd end = new SocketEnd(connect(address), toController);
                Thread thread = new Thread(null, end, "remote-access tunnel to port " + port, SocketEnd.STACK);
                thread.setDaemon(true);
                thread.start();
                return new RemoteOutputStream(end.sink());
            } catch (IOException refused) {
                last = refused;
            }
        }
        throw new IOException("nothing answers on the agent at port " + port + ": " + last.getMessage());
    }

    private SocketChannel connect(String address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
            return channel;
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }
}
