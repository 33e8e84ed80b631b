package io.jenkins.plugins.remoteaccess.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What is known of one recording beside its content.
 *
 * @param endpoint the endpoint's id
 * @param name the recording's name in that endpoint: {@code <connection>-<n>}
 * @param user the Jenkins user who was shown it
 * @param kind {@code shell}, {@code exec} or {@code browser terminal}
 * @param node the agent; empty for the built-in node
 * @param began when the controller learned of it
 * @param whole whether all of it is here, or nothing more can be had
 * @param seconds how long it lasts; 0 until it is whole
 * @param note why it stopped early; empty when it did not
 */
public record Recording(
        String endpoint,
        String name,
        String user,
        String kind,
        String node,
        Instant began,
        boolean whole,
        double seconds,
        String note) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}-c[0-9]{1,9}-[0-9]{1,15}");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Unique in its build, and nothing but letters, digits and hyphens: it names files. */
    public String id() {
        return endpoint + '-' + name;
    }

    /** Whether {@code id} can be one. */
    public static boolean isId(String id) {
        return id != null && ID.matcher(id).matches();
    }

    /** This one when nothing more comes; {@code why} says why it stopped early, and is empty when it did not. */
    public Recording ended(double length, String why) {
        return new Recording(endpoint, name, user, kind, node, began, true, length, why);
    }

    String json() throws IOException {
        return JSON.writeValueAsString(JSON.createObjectNode()
                .put("endpoint", endpoint)
                .put("name", name)
                .put("user", user)
                .put("kind", kind)
                .put("node", node)
                .put("began", began.toString())
                .put("whole", whole)
                .put("seconds", seconds)
                .put("note", note));
    }

    /** Reads what {@link #json} wrote; a {@link RuntimeException} or IOException for anything else. */
    static Recording parse(String json) throws IOException {
        JsonNode root = JSON.readTree(json);
        return new Recording(
                root.path("endpoint").asText(),
                root.path("name").asText(),
                root.path("user").asText(),
                root.path("kind").asText(),
                root.path("node").asText(),
                Instant.parse(root.path("began").asText()),
                root.path("whole").asBoolean(),
                root.path("seconds").asDouble(),
                root.path("note").asText());
    }
}
