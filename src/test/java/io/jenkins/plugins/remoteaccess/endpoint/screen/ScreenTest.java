package io.jenkins.plugins.remoteaccess.endpoint.screen;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real X servers and VNC servers, looked at by a client. */
class ScreenTest {
    private static final String PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final int GREEN = 0x00FF00;

    @TempDir
    Path folder;

    private Screen screen;
    private Screen other;

    @AfterEach
    void close() {
        for (Screen each : new Screen[] {screen, other}) {
            if (each != null) {
                each.close();
            }
        }
        // Whoever their parent is by now
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(process ->
                                process.info().commandLine().orElse("").contains(folder.toString())));
    }

    @Test
    void whatAProgramDrawsOnTheVirtualDisplayIsSeen() throws Exception {
        need("x11vnc", "Xvfb", "xsetroot");
        screen = open(Map.of("PATH", PATH), "abcdefgh");
        draw(screen, "green");
        try (Vnc client = new Vnc(screen.state().port())) {
            assertTrue(client.logsIn("abcdefgh"));
            assertEquals(GREEN, client.corner());
        }
    }

    @Test
    void onlyThePasswordOpensIt() throws Exception {
        need("x11vnc", "Xvfb");
        screen = open(Map.of("PATH", PATH), "abcdefgh");
        int port = screen.state().port();
        assertFalse(new Vnc(port).logsIn("hgfedcba"));
        String display = screen.state().what();
        screen.open("newnew12");
        assertEquals(display, screen.state().what(), "the display and what is on it stay");
        assertFalse(new Vnc(screen.state().port()).logsIn("abcdefgh"));
        assertTrue(new Vnc(screen.state().port()).logsIn("newnew12"));
    }

    @Test
    void thePasswordIsOnNoCommandLineAndInNobodysReach() throws Exception {
        need("x11vnc", "Xvfb");
        screen = open(Map.of("PATH", PATH), "secret99");
        String lines = ProcessHandle.current()
                .descendants()
                .map(process -> process.info().commandLine().orElse(""))
                .reduce("", String::concat);
        assertTrue(lines.contains("x11vnc"), lines);
        assertFalse(lines.contains("secret99"), lines);
        for (String file : new String[] {"password", "password.vnc", "authority"}) {
            assertEquals(
                    "[OWNER_READ, OWNER_WRITE]",
                    Files.getPosixFilePermissions(folder.resolve(file)).stream()
                            .sorted()
                            .toList()
                            .toString(),
                    file);
        }
    }

    @Test
    void theBuildsOwnDisplayIsShown() throws Exception {
        need("x11vnc", "Xvfb", "xsetroot");
        other = new Screen(folder.resolve("other"), () -> place(Map.of("PATH", PATH)), new EventLog());
        other.open("ignored0");
        Map<String, String> own = other.show(Map.of("PATH", PATH));
        screen = open(own, "abcdefgh");
        assertEquals("display " + own.get("DISPLAY"), screen.state().what());
        draw(other, "green");
        try (Vnc client = new Vnc(screen.state().port())) {
            assertTrue(client.logsIn("abcdefgh"));
            assertEquals(GREEN, client.corner());
        }
        assertEquals(own, screen.show(own), "shells stay on the build's display");
    }

    @Test
    void anXServerThatServesVncWillDo() throws Exception {
        need("Xvnc", "xsetroot");
        Path only = Files.createDirectory(folder.resolve("only"));
        Files.createSymbolicLink(only.resolve("Xvnc"), Path.of("/usr/bin/Xvnc"));
        screen = new Screen(folder, () -> place(Map.of("PATH", only.toString())), new EventLog(), only.toString());
        screen.open("abcdefgh");
        assertNotEquals(0, screen.state().port(), screen.state().what());
        draw(screen, "green");
        try (Vnc client = new Vnc(screen.state().port())) {
            assertTrue(client.logsIn("abcdefgh"));
            assertEquals(GREEN, client.corner());
        }
    }

    @Test
    void withoutAnyOfThemASentenceNamesThePackages() {
        screen = new Screen(folder, () -> place(Map.of("PATH", folder.toString())), new EventLog(), "");
        screen.open("abcdefgh");
        assumeTrue(screen.state().port() != 5900, "somebody's own VNC server is here");
        assertEquals(0, screen.state().port());
        assertTrue(
                screen.state().what().contains("install the packages x11vnc and xvfb"),
                screen.state().what());
    }

    @Test
    void nothingIsLeftWhenItCloses() throws Exception {
        need("x11vnc", "Xvfb");
        screen = open(Map.of("PATH", PATH), "abcdefgh");
        int port = screen.state().port();
        String number = screen.show(Map.of()).get("DISPLAY").substring(1);
        assertTrue(Files.exists(Path.of("/tmp/.X11-unix/X" + number)));
        screen.close();
        assertFalse(Rfb.answers(port));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ProcessHandle.current()
                        .descendants()
                        .noneMatch(
                                process -> process.info().command().orElse("").matches(".*(x11vnc|Xvfb)")));
        assertFalse(Files.exists(Path.of("/tmp/.X11-unix/X" + number)));
        screen.open("abcdefgh");
        assertEquals(0, screen.state().port(), "what is closed stays closed");
    }

    @Test
    void whatItStartedEndsWithTheProcessHoweverThatEnds() throws Exception {
        Tool tool = Tool.start(List.of("sleep", "4321"), Map.of("PATH", PATH), folder.resolve("log"));
        await().until(() -> sleeps());
        // As the system does for a process that is killed
        tool.process().getOutputStream().close();
        await().atMost(Duration.ofSeconds(10)).until(() -> !tool.runs() && !sleeps());
    }

    private static boolean sleeps() {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").endsWith("sleep 4321"));
    }

    private Screen open(Map<String, String> environment, String password) {
        Screen opened = new Screen(folder, () -> place(environment), new EventLog());
        opened.open(password);
        assertNotEquals(0, opened.state().port(), opened.state().what());
        return opened;
    }

    private static void draw(Screen on, String colour) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("xsetroot", "-solid", colour).inheritIO();
        builder.environment().putAll(on.show(Map.of()));
        assertEquals(0, builder.start().waitFor());
    }

    private Place place(Map<String, String> environment) {
        return new Place(
                folder,
                environment,
                Set.of(),
                "app #1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static void need(String... programs) {
        for (String program : programs) {
            assumeTrue(Tool.find(program, Map.of("PATH", PATH)).isPresent(), program + " is not installed");
        }
    }
}
