package io.jenkins.plugins.remoteaccess.endpoint.screen;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An X server without hardware; only who can read its authority file may use it. */
final class VirtualDisplay implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int COOKIE = 16;
    private static final int WILD = 0xFFFF;
    private static final long PATIENCE_SECONDS = 15;
    private static final String PROTOCOL = "MIT-MAGIC-COOKIE-1";

    private final Tool server;
    private final String name;

    private VirtualDisplay(Tool server, String name) {
        this.server = server;
        this.name = name;
    }

    /**
     * Starts {@code command}, to which it adds what tells it to choose a free display; returns when it can be used.
     *
     * @param authority the file that will hold what clients need
     */
    static VirtualDisplay start(List<String> command, Map<String, String> environment, Path authority, Path log)
            throws IOException {
        write(authority);
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("-displayfd", "1", "-auth", authority.toString(), "-nolisten", "tcp"));
        Tool server = Tool.start(all, environment, log);
        try {
            return new VirtualDisplay(server, ":" + number(server));
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** What goes into {@code DISPLAY}. */
    String name() {
        return name;
    }

    boolean runs() {
        return server.runs();
    }

    @Override
    public void close() {
        server.close();
    }

    private static String number(Tool server) throws IOException {
        BufferedReader output = server.process().inputReader(StandardCharsets.US_ASCII);
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> firstLine(output));
        try {
            String number = line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (number.matches("\\d{1,5}")) {
                return number;
            }
            throw new IOException("the X server has not started");
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the X server does not say that it has started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String firstLine(BufferedReader output) {
        try {
            String line = output.readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** One entry that is good for every display, in the form of libXau: the number is known only later. */
    private static void write(Path authority) throws IOException {
        byte[] cookie = new byte[COOKIE];
        RANDOM.nextBytes(cookie);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream entry = new DataOutputStream(bytes);
        entry.writeShort(WILD);
        entry.writeShort(0);
        entry.writeShort(0);
        entry.writeUTF(PROTOCOL);
        entry.writeShort(cookie.length);
        entry.write(cookie);
        Files.deleteIfExists(authority);
        Files.createFile(authority, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(authority, bytes.toByteArray());
    }
}
