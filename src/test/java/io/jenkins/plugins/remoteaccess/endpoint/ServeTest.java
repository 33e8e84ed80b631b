package io.jenkins.plugins.remoteaccess.endpoint;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.control.Messages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeTest {
    @TempDir
    private Path scratch;

    private EndpointProcess endpoint;

    @BeforeEach
    void prepare() throws IOException {
        endpoint = new EndpointProcess(scratch);
    }

    @AfterEach
    void kill() throws IOException {
        endpoint.close();
    }

    private Set<String> left() throws IOException {
        try (Stream<Path> files = Files.list(endpoint.directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void aBadConfigurationIsOneSentenceAndStatusTwo() throws Exception {
        endpoint.configuration.put("leaseSeconds", 0);
        endpoint.launch();
        assertEquals(2, endpoint.exit());
        assertEquals("serve: leaseSeconds must be a whole number from 1 to 604800, was 0\n", endpoint.log());
        assertFalse(Files.exists(endpoint.directory));
    }

    @Test
    void aHostKeyThatIsNoneIsOneSentenceAndStatusTwo() throws Exception {
        endpoint.configuration.put("hostKey", "AAAA");
        endpoint.launch();
        assertEquals(2, endpoint.exit());
        assertEquals("serve: hostKey must be an Ed25519 private key in PKCS #8\n", endpoint.log());
    }

    @Test
    void withoutAFreePortItSaysSoAndLeavesOnlyTheLog() throws Exception {
        Files.createDirectory(endpoint.directory);
        Files.writeString(endpoint.directory.resolve("endpoint.log"), "");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            endpoint.configuration.put("bind", Messages.object("address", "127.0.0.1", "ports", port));
            endpoint.launch();
            assertEquals(1, endpoint.exit());
            assertTrue(endpoint.log().startsWith("serve: ") && endpoint.log().contains(port), endpoint.log());
            assertEquals(1, endpoint.log().lines().count(), endpoint.log());
        }
        assertEquals(Set.of("endpoint.log"), left());
    }

    @Test
    void whatItMakesIsPrivate() throws Exception {
        endpoint.start();
        assertEquals("rwx------", permissions(endpoint.directory));
        assertEquals("rw-------", permissions(endpoint.socket()));
        assertEquals("rwx------", permissions(endpoint.directory.resolve("requests")));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void noSecretIsInItsCommandLineEnvironmentOrLog() throws Exception {
        endpoint.start();
        endpoint.ask("nonsense");
        Path proc = Path.of("/proc", Long.toString(endpoint.process().pid()));
        for (String text : List.of(
                Files.readString(proc.resolve("cmdline")), Files.readString(proc.resolve("environ")), endpoint.log())) {
            assertFalse(text.contains(Messages.TOKEN));
            assertFalse(text.contains((String) endpoint.configuration.get("hostKey")));
        }
    }

    @Test
    void itNeverTakesThePlaceOfAnEndpointThatLives() throws Exception {
        endpoint.start();
        try (EndpointProcess second = new EndpointProcess(scratch)) {
            second.launch();
            assertEquals(1, second.exit());
        }
        assertEquals(true, endpoint.ask("tell", "message", "still here").get("ok"));
        assertTrue(left().containsAll(Set.of("bin", "requests", "tmp", "control.sock")));
    }

    @Test
    void itTakesThePlaceOfOneThatWasKilledWithItsPort() throws Exception {
        endpoint.start();
        int port = endpoint.port();
        endpoint.process().destroyForcibly();
        endpoint.exit();
        endpoint.configuration.put(
                "bind", Messages.object("address", "127.0.0.1", "ports", "0", "preferredPort", port));
        endpoint.start();
        assertEquals(port, endpoint.port());
    }

    @Test
    void theControlSocketMayBeElsewhere() throws Exception {
        Path elsewhere = scratch.resolve("short").resolve("s");
        endpoint.configuration.put("control", elsewhere.toString());
        endpoint.configuration.put("leaseSeconds", 6);
        endpoint.launch();
        await().atMost(EndpointProcess.PATIENCE).until(() -> Files.exists(elsewhere));
        assertEquals("rwx------", permissions(elsewhere.getParent()));
        assertEquals(0, endpoint.exit());
        assertFalse(Files.exists(elsewhere.getParent()));
    }

    @Test
    void aKeyThatCannotBeReadKeepsNobodyElseOut() throws Exception {
        endpoint.configuration.put(
                "grants",
                List.of(
                        Messages.object("user", "bob", "keys", List.of("ssh-dss AAAA"), "secrets", false),
                        ((List<?>) endpoint.configuration.get("grants")).get(0)));
        endpoint.start();
        assertEquals(0, endpoint.ssh("client", "true").waitFor());
        Map<?, ?> event = (Map<?, ?>)
                ((List<?>) endpoint.ask("poll", "after", 0, "waitMillis", 0).get("events")).get(0);
        assertEquals(List.of("refused", "bob"), List.of(event.get("type"), event.get("user")));
    }
}
