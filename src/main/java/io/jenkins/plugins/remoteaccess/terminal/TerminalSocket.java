package io.jenkins.plugins.remoteaccess.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.websocket.WebSocketSession;

/**
 * A browser's connection to a terminal. Binary messages are what is typed, and what is put out; text messages are JSON:
 * {@code {"resize":[COLUMNS,ROWS]}}, {@code {"shown":POSITION}} and {@code {"close":true}} from the browser;
 * {@code {"terminal":SECRET,"position":N}}, {@code {"typed":N}} and {@code {"ended":WHY,"status":N}} to it.
 */
final class TerminalSocket extends WebSocketSession implements Viewer {
    private static final Logger LOGGER = Logger.getLogger(TerminalSocket.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Source source;
    private Terminal terminal;
    private boolean gone;

    /** Where the terminal comes from. */
    interface Source {
        /** Gives a terminal that shows itself to {@code viewer}; may take its time. */
        Terminal show(Viewer viewer) throws IOException;
    }

    TerminalSocket(Source source) {
        this.source = source;
    }

    @Override
    protected void opened() {
        TerminalClient.later(() -> {
            try {
                found(source.show(this));
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.FINE, "No terminal", e);
                say(JSON.createObjectNode()
                        .put("ended", String.valueOf(e.getMessage()))
                        .toString());
                leave();
            }
        });
    }

    private void found(Terminal shown) {
        synchronized (this) {
            terminal = shown;
            if (!gone) {
                return;
            }
        }
        shown.hide(this);
    }

    private synchronized Terminal terminal() {
        return terminal;
    }

    @Override
    protected void binary(byte[] payload, int offset, int length) {
        Terminal shown = terminal();
        if (shown != null && !shown.type(Arrays.copyOfRange(payload, offset, offset + length))) {
            leave();
        }
    }

    @Override
    protected void text(String message) throws IOException {
        Terminal shown = terminal();
        JsonNode said = JSON.readTree(message);
        if (shown == null || said == null) {
            return;
        }
        if (said.has("shown")) {
            shown.shown(said.get("shown").asLong());
        }
        if (said.has("close")) {
            shown.close();
        }
        if (said.has("resize")) {
            shown.resize(
                    said.get("resize").path(0).asInt(),
                    said.get("resize").path(1).asInt());
        }
    }

    /** Not waited for: no more than {@link Replay#ROOM} is sent before the browser says that it has shown some. */
    @Override
    public void output(ByteBuffer bytes) {
        try {
            sendBinary(bytes);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINER, "The browser is gone", e);
        }
    }

    @Override
    public void say(String json) {
        try {
            sendText(json);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINER, "The browser is gone", e);
        }
    }

    @Override
    public void leave() {
        try {
            close();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINER, "The browser is gone", e);
        }
    }

    @Override
    protected void closed(int statusCode, String reason) {
        Terminal shown;
        synchronized (this) {
            gone = true;
            shown = terminal;
        }
        if (shown != null) {
            shown.hide(this);
        }
    }

    @Override
    protected void error(Throwable cause) {
        LOGGER.log(Level.FINE, "A browser's connection broke", cause);
    }
}
