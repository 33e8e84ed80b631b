package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The fixed shell scripts for what a step ran inside of. */
enum InsideScript {
    /** Starts a shell or a command inside. */
    ENTER,
    /** Ends inside what one session has started. */
    LEAVE,
    /** Stays inside and takes commands from the shared folder. */
    RELAY,
    /** Hands a command to the relay. */
    ASK;

    private final String text = read(name().toLowerCase(java.util.Locale.ROOT) + ".sh");

    /** The script's text. */
    String text() {
        return text;
    }

    private static String read(String name) {
        try (InputStream in = InsideScript.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is missing from the endpoint's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
