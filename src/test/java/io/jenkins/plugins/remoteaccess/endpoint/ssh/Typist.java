package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.awaitility.Awaitility.await;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Somebody at a terminal of 100 by 30 with the real ssh client in it: types, resizes, looks at what comes. */
final class Typist implements AutoCloseable {
    private final PtyProcess client;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    Typist(List<String> command) throws IOException {
        client = new PtyProcessBuilder(command.toArray(String[]::new))
                .setEnvironment(Map.of("TERM", "xterm-256color", "PATH", "/usr/bin:/bin", "LANG", "C.UTF-8"))
                .setInitialColumns(100)
                .setInitialRows(30)
                .start();
        Thread eyes = new Thread(this::look, "typist");
        eyes.setDaemon(true);
        eyes.start();
    }

    private void look() {
        byte[] buffer = new byte[8192];
        try {
            for (int read = client.getInputStream().read(buffer);
                    read > 0;
                    read = client.getInputStream().read(buffer)) {
                synchronized (seen) {
                    seen.write(buffer, 0, read);
                }
            }
        } catch (IOException ended) {
            assert !client.isAlive();
        }
    }

    /** Everything that came since the last {@link #forget}. */
    String screen() {
        synchronized (seen) {
            return seen.toString(StandardCharsets.UTF_8);
        }
    }

    void forget() {
        synchronized (seen) {
            seen.reset();
        }
    }

    void type(String keys) throws IOException {
        client.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }

    /** Waits until {@code text} has come; what is typed is seen too, so it must not contain {@code text}. */
    void sees(String text) {
        await("sees " + text).atMost(Duration.ofSeconds(60)).until(this::screen, screen -> screen.contains(text));
    }

    void resize(int columns, int rows) {
        client.setWinSize(new WinSize(columns, rows));
    }

    /** Waits for the client's end; its exit status. */
    int status() throws InterruptedException {
        if (!client.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("still there: " + screen());
        }
        return client.exitValue();
    }

    /** Cuts the line: the client has no time to say anything. */
    void vanish() {
        client.destroyForcibly();
    }

    /** The client process, to stop and continue it. */
    long pid() {
        return client.pid();
    }

    @Override
    public void close() {
        client.destroyForcibly();
    }
}
