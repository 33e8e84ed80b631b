package io.jenkins.plugins.remoteaccess.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An asciicast v2 file that came from an agent. What is read from it is written anew from what it means: lines that are no events of output
 * or size are left out, and of the header only what is known goes on.
 */
public final class CastFile {
    /** No endpoint writes longer ones: a piece of output has 32 KB, each byte of which takes 6 at most. */
    private static final int LONGEST_LINE = 512 * 1024;

    private static final int MOST_COLUMNS = 1_000;
    private static final int LONGEST_TEXT = 300;
    private static final double LONGEST_SECONDS = 1e8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    CastFile(Path file) {
        this.file = file;
    }

    /** Writes what can be played of it, line by line. */
    public void copy(OutputStream out) throws IOException {
        out.write(line(header()));
        each(event -> out.write(line(event)));
    }

    /** When the last event is; 0 for none. */
    public double seconds() throws IOException {
        double[] last = new double[1];
        each(event -> last[0] = event.get(0).asDouble());
        return last[0];
    }

    private static byte[] line(JsonNode node) throws IOException {
        return (JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private interface Events {
        void take(JsonNode event) throws IOException;
    }

    private ObjectNode header() throws IOException {
        JsonNode given = JSON.createObjectNode();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                given = new CastLines(in, LONGEST_LINE)
                        .next()
                        .flatMap(CastFile::tree)
                        .orElse(given);
            }
        }
        ObjectNode header = JSON.createObjectNode()
                .put("version", 2)
                .put("width", size(given.path("width").asInt(), 80))
                .put("height", size(given.path("height").asInt(), 24));
        long timestamp = given.path("timestamp").asLong();
        header.put("timestamp", Math.max(0, timestamp));
        text(header, "title", given.path("title"));
        text(header, "command", given.path("command"));
        if (given.path("env").path("TERM").isTextual()) {
            text(header.putObject("env"), "TERM", given.path("env").path("TERM"));
        }
        return header;
    }

    private static void text(ObjectNode to, String member, JsonNode given) {
        if (given.isTextual()) {
            String text = given.asText();
            to.put(member, text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text);
        }
    }

    private static int size(int given, int usual) {
        return given < 1 ? usual : Math.min(given, MOST_COLUMNS);
    }

    private void each(Events events) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        double last = 0;
        try (InputStream in = Files.newInputStream(file)) {
            CastLines lines = new CastLines(in, LONGEST_LINE);
            lines.next();
            for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
                Optional<ArrayNode> event = line.flatMap(CastFile::event);
                if (event.isPresent() && event.get().get(0).asDouble() >= last) {
                    last = event.get().get(0).asDouble();
                    events.take(event.get());
                }
            }
        }
    }

    private static Optional<ArrayNode> event(byte[] line) {
        return tree(line)
                .filter(node -> node instanceof ArrayNode && node.size() == 3)
                .filter(node -> node.get(0).isNumber()
                        && node.get(0).asDouble() >= 0
                        && node.get(0).asDouble() < LONGEST_SECONDS)
                .filter(node -> node.get(2).isTextual()
                        && known(node.path(1).asText(), node.path(2).asText()))
                .map(ArrayNode.class::cast);
    }

    private static boolean known(String code, String data) {
        return code.equals("o") || code.equals("r") && data.matches("[1-9][0-9]{0,2}x[1-9][0-9]{0,2}");
    }

    private static Optional<JsonNode> tree(byte[] line) {
        try {
            return Optional.ofNullable(JSON.readTree(line));
        } catch (IOException | StackOverflowError notJson) {
            return Optional.empty();
        }
    }
}
