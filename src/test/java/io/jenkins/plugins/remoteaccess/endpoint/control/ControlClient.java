package io.jenkins.plugins.remoteaccess.endpoint.control;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;

/** The controller's end of the control socket, as simple as the protocol allows. */
public final class ControlClient {
    private ControlClient() {}

    /** One request and its answer. */
    public static Map<String, Object> ask(Path socket, Map<String, Object> request) throws IOException {
        return send(socket, Messages.json(request));
    }

    /** Any bytes as a line, and the answer. */
    static Map<String, Object> send(Path socket, byte[] line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            write(channel, line);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            while (channel.read(buffer.clear()) > 0) {
                answer.write(buffer.array(), 0, buffer.position());
            }
            return JSON.std.mapFrom(answer.toByteArray());
        }
    }

    static void write(SocketChannel channel, byte[] line) throws IOException {
        ByteBuffer out =
                ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }
}
