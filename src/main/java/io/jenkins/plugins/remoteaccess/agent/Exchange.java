package io.jenkins.plugins.remoteaccess.agent;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import jenkins.agents.ControllerToAgentCallable;

/**
 * One request to an endpoint and its answer, docs/control-protocol.md. Runs on the agent, where it knows nothing of what it carries.
 *
 * @param control the endpoint's control socket
 * @param request one line of JSON, without its line feed
 * @param waitMillis how long the answer may take; over that, an {@link IOException}
 */
record Exchange(String control, String request, long waitMillis)
        implements ControllerToAgentCallable<String, IOException> {
    private static final int LONGEST_ANSWER = 4 * 1024 * 1024;

    @Override
    public String call() throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            socket.connect(UnixDomainSocketAddress.of(control));
            socket.configureBlocking(false);
            SelectionKey key = socket.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer line = ByteBuffer.wrap((request + '\n').getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                awaitReady(selector, end);
                socket.write(line);
            }
            key.interestOps(SelectionKey.OP_READ);
            return answer(socket, selector, end);
        }
    }

    /** Leaves the request out: remoting puts this into logs and thread names, and a token is in it. */
    @Override
    public String toString() {
        return "Exchange[" + control + "]";
    }

    private static String answer(SocketChannel socket, Selector selector, long end) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        while (true) {
            awaitReady(selector, end);
            if (socket.read(buffer.clear()) < 0) {
                throw new EOFException("the endpoint hung up");
            }
            byte[] bytes = buffer.array();
            for (int i = 0; i < buffer.position(); i++) {
                if (bytes[i] == '\n') {
                    answer.write(bytes, 0, i);
                    return answer.toString(StandardCharsets.UTF_8);
                }
            }
            answer.write(bytes, 0, buffer.position());
            if (answer.size() > LONGEST_ANSWER) {
                throw new IOException("the endpoint's answer is over " + LONGEST_ANSWER + " bytes");
            }
        }
    }

    private static void awaitReady(Selector selector, long end) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0 || selector.select(left) == 0) {
            throw new IOException("the endpoint did not answer in time");
        }
        selector.selectedKeys().clear();
    }
}
