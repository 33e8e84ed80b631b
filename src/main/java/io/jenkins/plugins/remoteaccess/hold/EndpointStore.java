package io.jenkins.plugins.remoteaccess.hold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.model.Run;
import hudson.util.AtomicFileWriter;
import hudson.util.Secret;
import io.jenkins.plugins.remoteaccess.agent.EndpointIdentity;
import io.jenkins.plugins.remoteaccess.grant.GrantBook;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Keeps open endpoints beside their build, in {@code remote-access/ID.json}, so that a controller that comes back finds them; keys and
 * tokens encrypted as every {@link Secret}. The file goes when the endpoint closes.
 */
final class EndpointStore {
    private static final Logger LOGGER = Logger.getLogger(EndpointStore.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".json";

    private EndpointStore() {}

    /** What a file holds: the record, the port to come back to, the host, and who had been let in. */
    record Stored(EndpointRecord endpoint, int port, String host, Map<String, List<PublicKeyLine>> entries) {}

    static void save(Run<?, ?> run, EndpointRecord endpoint, int port, String host, GrantBook grants) throws IOException {
        Path file = file(run, endpoint.identity().id());
        Files.createDirectories(file.getParent());
        try (AtomicFileWriter writer = new AtomicFileWriter(file, StandardCharsets.UTF_8)) {
            writer.write(JSON.writeValueAsString(write(endpoint, port, host, grants)));
            writer.commit();
        }
    }

    static void delete(Run<?, ?> run, String id) throws IOException {
        Path file = file(run, id);
        Files.deleteIfExists(file);
        try (Stream<Path> others = Files.exists(file.getParent()) ? Files.list(file.getParent()) : Stream.of(file)) {
            if (others.findAny().isEmpty()) {
                Files.delete(file.getParent());
            }
        }
    }

    /** The endpoints that were open when the controller last wrote; what cannot be read is left out and said in Jenkins' log. */
    static List<Stored> load(Run<?, ?> run) {
        Path directory = directory(run);
        List<Stored> stored = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX)).toList()) {
                    stored.add(read(JSON.readTree(file.toFile())));
                }
            } catch (IOException | IllegalArgumentException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot read the open endpoints of " + run);
            }
        }
        return stored;
    }

    private static ObjectNode write(EndpointRecord endpoint, int port, String host, GrantBook grants) {
        EndpointIdentity identity = endpoint.identity();
        ObjectNode root = JSON.createObjectNode()
                .put("id", identity.id())
                .put("hostKey", identity.hostKey().getEncryptedValue())
                .put("hostKeyLine", identity.hostKeyLine())
                .put("token", identity.token().getEncryptedValue())
                .put("node", identity.node())
                .put("scope", endpoint.scope())
                .put("block", endpoint.block())
                .put("requester", endpoint.requester().orElse(null))
                .put("directory", endpoint.directory())
                .put("openedAt", endpoint.openedAt().toString())
                .put("port", port)
                .put("host", host);
        endpoint.allow().forEach(root.putArray("allow")::add);
        ObjectNode entries = root.putObject("grants");
        grants.entries().forEach((user, keys) -> {
            var lines = entries.putArray(user);
            keys.forEach(key -> lines.add(key.toString()));
        });
        return root;
    }

    private static Stored read(JsonNode root) {
        EndpointIdentity identity = new EndpointIdentity(
                root.path("id").asText(),
                Secret.fromString(root.path("hostKey").asText()),
                root.path("hostKeyLine").asText(),
                Secret.fromString(root.path("token").asText()),
                root.path("node").asText());
        EndpointRecord endpoint = new EndpointRecord(
                identity,
                root.path("scope").asText(),
                root.path("block").asText(),
                root.hasNonNull("requester") ? Optional.of(root.get("requester").asText()) : Optional.empty(),
                texts(root.path("allow")),
                root.path("directory").asText(),
                Instant.parse(root.path("openedAt").asText()));
        Map<String, List<PublicKeyLine>> entries = new LinkedHashMap<>();
        root.path("grants").fields().forEachRemaining(entry -> entries.put(
                entry.getKey(),
                texts(entry.getValue()).stream()
                        .map(PublicKeyLine::parse)
                        .flatMap(Optional::stream)
                        .toList()));
        return new Stored(endpoint, root.path("port").asInt(), root.path("host").asText(), entries);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return List.copyOf(texts);
    }

    private static Path directory(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve("remote-access");
    }

    private static Path file(Run<?, ?> run, String id) {
        return directory(run).resolve(id + SUFFIX);
    }
}
