package io.jenkins.plugins.remoteaccess.hold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.model.Run;
import hudson.util.AtomicFileWriter;
import hudson.util.Secret;
import io.jenkins.plugins.remoteaccess.agent.EndpointIdentity;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
import jenkins.model.Jenkins;

/**
 * Keeps open endpoints in {@code $JENKINS_HOME/remote-access-open/ID.json}, so that a controller that comes back finds them at once; keys
 * and tokens encrypted as every {@link Secret}. The file goes when the endpoint closes.
 */
final class EndpointStore {
    private static final Logger LOGGER = Logger.getLogger(EndpointStore.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".json";

    private EndpointStore() {}

    /**
     * What a file holds.
     *
     * @param run the build, as {@link Run#getExternalizableId} names it
     * @param endpoint what does not change
     * @param port the port to come back to
     * @param host what the agent calls itself
     * @param pid the process that was heard last
     * @param seq the number of the event that was heard last
     * @param entries who had been let in, and their keys made for this endpoint
     */
    record Stored(
            String run,
            EndpointRecord endpoint,
            int port,
            String host,
            long pid,
            long seq,
            Map<String, List<PublicKeyLine>> entries) {}

    static void save(Stored stored) throws IOException {
        Path file = file(stored.endpoint().identity().id());
        Files.createDirectories(directory());
        try (AtomicFileWriter writer = new AtomicFileWriter(file, StandardCharsets.UTF_8)) {
            writer.write(JSON.writeValueAsString(write(stored)));
            writer.commit();
        }
    }

    static void delete(String id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    /** The endpoints that were open when the controller last wrote; what cannot be read is left out and said in Jenkins' log. */
    static List<Stored> load() {
        List<Stored> stored = new ArrayList<>();
        if (Files.isDirectory(directory())) {
            try (Stream<Path> files = Files.list(directory())) {
                files.filter(path -> path.toString().endsWith(SUFFIX))
                        .forEach(file -> read(file).ifPresent(stored::add));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Cannot read which endpoints are open", e);
            }
        }
        return stored;
    }

    /** Removes what a controller that was killed while it wrote has left half written. */
    static void clean() {
        if (!Files.isDirectory(directory())) {
            return;
        }
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        try (Stream<Path> files = Files.list(directory())) {
            for (Path file : files.toList()) {
                if (!file.toString().endsWith(SUFFIX)
                        && Files.getLastModifiedTime(file).toMillis() < started) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot remove what was left half written", e);
        }
    }

    private static Optional<Stored> read(Path file) {
        try {
            return Optional.of(read(JSON.readTree(file.toFile())));
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot read the open endpoint in " + file);
            return Optional.empty();
        }
    }

    private static ObjectNode write(Stored stored) {
        EndpointRecord endpoint = stored.endpoint();
        EndpointIdentity identity = endpoint.identity();
        ObjectNode root = JSON.createObjectNode()
                .put("run", stored.run())
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
                .put("port", stored.port())
                .put("host", stored.host())
                .put("pid", stored.pid())
                .put("seq", stored.seq());
        endpoint.allow().forEach(root.putArray("allow")::add);
        ObjectNode entries = root.putObject("grants");
        stored.entries().forEach((user, keys) -> {
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
        root.path("grants")
                .fields()
                .forEachRemaining(entry -> entries.put(
                        entry.getKey(),
                        texts(entry.getValue()).stream()
                                .map(PublicKeyLine::parse)
                                .flatMap(Optional::stream)
                                .toList()));
        return new Stored(
                root.path("run").asText(),
                endpoint,
                root.path("port").asInt(),
                root.path("host").asText(),
                root.path("pid").asLong(),
                root.path("seq").asLong(),
                entries);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return List.copyOf(texts);
    }

    private static Path directory() {
        return Jenkins.get().getRootDir().toPath().resolve("remote-access-open");
    }

    private static Path file(String id) {
        return directory().resolve(id + SUFFIX);
    }
}
