package io.jenkins.plugins.remoteaccess.notice;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import jenkins.util.Timer;

/**
 * One POST over HTTP/1.1 (RFC 9112) to an address that was checked before. It is written by hand because none of the JDK's clients connects to a
 * given address and still asks for, and checks the certificate of, the host's name. Follows nothing, reads no more than the status, and is
 * over after 15 seconds whatever the other side does.
 *
 * @param uri where to; its host is what TLS and the header {@code Host} say
 * @param headers which are not anybody's to choose
 * @param body what is sent
 */
record Post(URI uri, Map<String, String> headers, byte[] body) {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int CONNECT_MILLIS = 5_000;
    private static final int LONGEST_ANSWER = 16_384;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)(?: .*)?");
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    /** Sends it to the first of {@code addresses} that answers; the status of the answer. */
    int send(List<InetAddress> addresses, SSLSocketFactory tls) throws IOException {
        IOException failed = new IOException(uri.getHost() + " has no address");
        for (InetAddress address : addresses) {
            try (Socket socket = new Socket()) {
                ScheduledFuture<?> guard =
                        Timer.get().schedule(() -> close(socket), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                try {
                    socket.connect(new InetSocketAddress(address, port()), CONNECT_MILLIS);
                    return exchange(socket, tls);
                } finally {
                    guard.cancel(false);
                }
            } catch (IOException e) {
                failed = e;
            }
        }
        throw failed;
    }

    private int exchange(Socket plain, SSLSocketFactory tls) throws IOException {
        if (!isHttps()) {
            return talk(plain);
        }
        try (SSLSocket encrypted = (SSLSocket) tls.createSocket(plain, host(), port(), true)) {
            SSLParameters parameters = encrypted.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            encrypted.setSSLParameters(parameters);
            encrypted.startHandshake();
            return talk(encrypted);
        }
    }

    private int talk(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        OutputStream out = socket.getOutputStream();
        out.write(head().getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        Answer answer = new Answer(socket.getInputStream());
        int status = answer.status();
        while (status < 200) {
            answer.skipHeaders();
            status = answer.status();
        }
        return status;
    }

    private String head() {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        StringBuilder head = new StringBuilder("POST " + path + query + " HTTP/1.1\r\n");
        head.append("Host: ").append(uri.getHost()).append(uri.getPort() < 0 ? "" : ":" + uri.getPort());
        head.append("\r\nConnection: close\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private boolean isHttps() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    private int port() {
        return uri.getPort() >= 0 ? uri.getPort() : isHttps() ? HTTPS_PORT : HTTP_PORT;
    }

    /** Without the brackets of an IPv6 address. */
    private String host() {
        return uri.getHost().replaceAll("[\\[\\]]", "");
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What comes back, as far as anybody wants to know. */
    private static final class Answer {
        private final InputStream in;
        private int read;

        Answer(InputStream in) {
            this.in = in;
        }

        int status() throws IOException {
            Matcher matcher = STATUS.matcher(line());
            if (!matcher.matches()) {
                throw new IOException("the answer is not HTTP/1.1");
            }
            return Integer.parseInt(matcher.group(1));
        }

        void skipHeaders() throws IOException {
            while (!line().isEmpty()) {
                // Nothing in them matters here
            }
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("the connection was closed before an answer");
                }
                if (++read > LONGEST_ANSWER) {
                    throw new IOException("the answer is too long");
                }
                line.append((char) next);
            }
            return line.toString().stripTrailing();
        }
    }
}
