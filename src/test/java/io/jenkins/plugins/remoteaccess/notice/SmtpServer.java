package io.jenkins.plugins.remoteaccess.notice;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** As much of RFC 5321 as a client needs to get rid of a message, on 127.0.0.1. */
final class SmtpServer implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    private final List<Mail> received = new CopyOnWriteArrayList<>();

    SmtpServer() throws IOException {
        Thread thread = new Thread(this::accept, "SMTP server of a test");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * A message as it came.
     *
     * @param to the recipients of the envelope
     * @param lines its headers, an empty line, its body
     */
    record Mail(List<String> to, List<String> lines) {
        List<String> headers() {
            return lines.subList(0, lines.indexOf(""));
        }

        String body() {
            return String.join("\n", lines.subList(lines.indexOf(""), lines.size()));
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    List<Mail> received() {
        return List.copyOf(received);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                converse(socket);
            } catch (IOException e) {
                // The client has gone, or the test is over
            }
        }
    }

    private void converse(Socket socket) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.US_ASCII);
        out.print("220 test\r\n");
        List<String> to = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String verb = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
            if (verb.equals("RCPT")) {
                to.add(line.replaceAll(".*<(.*)>.*", "$1"));
            }
            if (verb.equals("DATA")) {
                out.print("354 go on\r\n");
                received.add(new Mail(List.copyOf(to), data(in)));
                to.clear();
            }
            out.print(verb.equals("QUIT") ? "221 bye\r\n" : "250 ok\r\n");
        }
    }

    private static List<String> data(BufferedReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            lines.add(line.startsWith(".") ? line.substring(1) : line);
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
