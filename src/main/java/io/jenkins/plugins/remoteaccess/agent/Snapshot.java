package io.jenkins.plugins.remoteaccess.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an endpoint says of itself. It comes from the agent, which is not trusted: bounded, cleaned and never more than a report.
 *
 * @param seq the number of the newest event told
 * @param pid its process, which tells a new process from the one before
 * @param port the port it listens on
 * @param connections who is connected, at most 100
 * @param requests what was asked inside and is not answered, at most 20
 * @param events what happened, at most 200
 * @param screen how it stands with the agent's screen; empty while nobody asked for it
 */
public record Snapshot(
        long seq,
        long pid,
        int port,
        List<Connection> connections,
        List<Request> requests,
        List<Event> events,
        Optional<Screen> screen) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_CONNECTIONS = 100;
    private static final int MOST_REQUESTS = 20;
    private static final int MOST_EVENTS = 200;
    private static final int LONGEST_TEXT = 1_000;
    private static final int HIGHEST_PORT = 65_535;

    /**
     * A live connection.
     *
     * @param id unique in its endpoint
     * @param user the Jenkins user of the key
     * @param kind what is open: {@code shell}, {@code exec}, {@code file transfer}, {@code forward} or {@code none}
     * @param client the address it came from
     * @param software what the client calls itself
     * @param key the key's fingerprint
     * @param since when it began, by the agent's clock
     */
    public record Connection(
            String id, String user, String kind, String client, String software, String key, Instant since) {}

    /**
     * The agent's screen.
     *
     * @param port of the agent's loopback, where VNC shows it; 0 while nothing does
     * @param what is shown there, or why nothing can be
     * @param own whether the password is the one that the controller gave
     */
    public record Screen(int port, String what, boolean own) {}

    /**
     * Something asked inside a session.
     *
     * @param id unique in its endpoint's process
     * @param connection where it was asked
     * @param user who asked
     * @param verb {@code extend}, {@code retry}, {@code continue} or {@code fail}
     * @param argument what follows the verb; may be empty
     */
    public record Request(String id, String connection, String user, String verb, String argument) {}

    /**
     * Something that happened.
     *
     * @param seq its number
     * @param at when, by the agent's clock
     * @param type one of docs/control-protocol.md
     * @param connection the connection's id, or empty
     * @param user the Jenkins user, or empty
     * @param detail more, in one line
     */
    public record Event(long seq, Instant at, String type, String connection, String user, String detail) {}

    /**
     * Reads an answer.
     *
     * @throws IOException when it is not one, or when the endpoint answers that the request was wrong
     */
    public static Snapshot parse(String answer) throws IOException {
        JsonNode root = JSON.readTree(answer);
        if (root == null || !root.isObject() || root.path("v").asInt() != Protocol.VERSION) {
            throw new IOException("the endpoint's answer is not one of version " + Protocol.VERSION);
        }
        if (!root.path("ok").asBoolean()) {
            throw new IOException("the endpoint refused: " + text(root, "error"));
        }
        int port = root.path("port").asInt();
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IOException("the endpoint names the port " + port);
        }
        return new Snapshot(
                root.path("seq").asLong(),
                root.path("pid").asLong(),
                port,
                each(root.path("connections"), MOST_CONNECTIONS, Snapshot::connection),
                each(root.path("requests"), MOST_REQUESTS, Snapshot::request),
                each(root.path("events"), MOST_EVENTS, Snapshot::event),
                root.has("screen") ? Optional.of(screen(root.path("screen"))) : Optional.empty());
    }

    private static Screen screen(JsonNode node) {
        int port = node.path("port").asInt();
        boolean shown = port >= 1 && port <= HIGHEST_PORT;
        return new Screen(shown ? port : 0, text(node, "what"), node.path("own").asBoolean());
    }

    private static Connection connection(JsonNode node) {
        return new Connection(
                text(node, "id"),
                text(node, "user"),
                text(node, "kind"),
                text(node, "client"),
                text(node, "software"),
                text(node, "key"),
                instant(node, "since"));
    }

    private static Request request(JsonNode node) {
        return new Request(
                text(node, "id"),
                text(node, "connection"),
                text(node, "user"),
                text(node, "verb"),
                text(node, "argument"));
    }

    private static Event event(JsonNode node) {
        return new Event(
                node.path("seq").asLong(),
                instant(node, "at"),
                text(node, "type"),
                text(node, "connection"),
                text(node, "user"),
                text(node, "detail"));
    }

    private static <T> List<T> each(JsonNode array, int most, Function<JsonNode, T> read) {
        List<T> all = new ArrayList<>();
        for (JsonNode node : array) {
            if (all.size() == most) {
                break;
            }
            all.add(read.apply(node));
        }
        return List.copyOf(all);
    }

    private static String text(JsonNode node, String member) {
        String text = node.path(member).asText("");
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "\uFFFD");
    }

    private static Instant instant(JsonNode node, String member) {
        try {
            return Instant.parse(node.path(member).asText(""));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
