package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code hold} in a JVM of its own, its printed ssh command in a shell, in directories whose names need quoting. */
class HoldTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    private Path scratch;

    private Path home;
    private Path temporary;
    private Path work;
    private Process hold;

    @BeforeEach
    void prepare() throws IOException {
        home = Files.createDirectories(scratch.resolve("home"));
        temporary = Files.createDirectories(scratch.resolve("a b'c\"d$e%h"));
        work = Files.createDirectories(scratch.resolve("work"));
    }

    @AfterEach
    void kill() throws Exception {
        if (hold != null && hold.isAlive()) {
            hold.destroyForcibly().waitFor();
        }
    }

    private void start(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + home,
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "io.jenkins.plugins.remoteaccess.endpoint.Main",
                "hold"));
        words.addAll(List.of(arguments));
        hold = new ProcessBuilder(words)
                .directory(work.toFile())
                .redirectOutput(scratch.resolve("out").toFile())
                .redirectError(scratch.resolve("err").toFile())
                .start();
    }

    private int exit() throws InterruptedException {
        assertTrue(hold.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "hold lives on");
        return hold.exitValue();
    }

    private String shown(String name) throws IOException {
        return Files.readString(scratch.resolve(name));
    }

    private String sshCommand() {
        await().atMost(PATIENCE).until(() -> shown("err").contains(" 127.0.0.1\n"));
        try {
            return shown("err")
                    .lines()
                    .filter(line -> line.startsWith("ssh "))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code remote} through the printed command; its output. */
    private String inside(String extra, String remote) throws Exception {
        String line = sshCommand().replaceFirst("^ssh", "ssh -F none -o BatchMode=yes " + extra) + " '" + remote + "'";
        Process ssh =
                new ProcessBuilder("sh", "-c", line).redirectErrorStream(true).start();
        ssh.getOutputStream().close();
        return new String(ssh.getInputStream().readAllBytes());
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> !file.getFileName().toString().startsWith("hsperf"))
                            .toList());
        }
    }

    @Test
    void aCommandThatSucceedsOpensNothing() throws Exception {
        start("--", "sh", "-c", "echo fine; cat");
        hold.getOutputStream().write("its input\n".getBytes());
        hold.getOutputStream().close();
        assertEquals(0, exit());
        assertEquals("fine\nits input\n", shown("out"));
        assertEquals("", shown("err"));
    }

    @ParameterizedTest
    @CsvSource({
        "'--minutes 0 -- false', '--minutes must be a whole number from 1 to 1440, was 0'",
        "'--minutes 1441 -- false', '--minutes must be a whole number from 1 to 1440, was 1441'",
        "'--minutes ten -- false', '--minutes must be a whole number from 1 to 1440, was ten'",
        "'--minutes', 'the command to run must follow after --, such as: hold -- make test'",
        "'false', 'the command to run must follow after --, such as: hold -- make test'",
        "'--', 'the command to run must follow after --, such as: hold -- make test'",
        "'--hours 3 -- false', 'no such option: --hours; the command goes after --'",
        "'--authorized-keys /does/not/exist -- false', '--authorized-keys /does/not/exist cannot be read: NoSuchFileException'"
    })
    void badInputIsOneSentenceAndStatusTwo(String arguments, String sentence) throws Exception {
        start(arguments.split(" "));
        assertEquals(2, exit());
        assertEquals("hold: " + sentence + "\n", shown("err"));
    }

    @Test
    void theStatusOfAProgramThatIsNotThereIs127() throws Exception {
        start("--", "no-such-program-here");
        inside("", "remote-access fail");
        assertEquals(127, exit());
    }

    @Test
    void withoutAKeyItMakesOneAndThePrintedCommandLeadsIn() throws Exception {
        start("--", "sh", "-c", "kill -9 $$");
        String out = inside("", "pwd; remote-access status");
        assertTrue(out.startsWith(work.toRealPath() + "\n"), out);
        assertTrue(out.contains("exit code 137"), out);
        assertTrue(sshCommand().contains("StrictHostKeyChecking=yes"), sshCommand());
        inside("", "remote-access continue");
        assertEquals(137, exit());
        assertNothingIsLeft();
    }

    @Test
    void anOrdinaryDirectoryGivesAnOrdinaryCommand() throws Exception {
        temporary = Files.createDirectories(scratch.resolve("tmp"));
        start("--", "false");
        assertTrue(sshCommand().contains(" -i " + temporary + "/remote-access-"), sshCommand());
        assertEquals("in\n", inside("", "echo in"));
    }

    @Test
    void theKeysOfTheUserAreLetIn() throws Exception {
        Path key = Files.createDirectories(home.resolve(".ssh")).resolve("id_ed25519");
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
                .start()
                .waitFor();
        start("--", "false");
        assertFalse(sshCommand().contains("IdentitiesOnly"));
        assertEquals("in\n", inside("-i " + key, "echo in"));
    }

    @Test
    void onlyTheNamedKeysAreLetIn() throws Exception {
        Path key = Files.createDirectories(home.resolve(".ssh")).resolve("id_ed25519");
        Path other = scratch.resolve("other");
        for (Path each : List.of(key, other)) {
            new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", each.toString())
                    .start()
                    .waitFor();
        }
        start("--authorized-keys", other + ".pub", "--", "false");
        assertEquals("in\n", inside("-o IdentitiesOnly=yes -i " + other, "echo in"));
        String refused = inside("-o IdentitiesOnly=yes -i " + key, "echo in");
        assertTrue(refused.contains("Permission denied"), refused);
    }

    @Test
    void retryRunsTheCommandAgainAndEndsWhenItSucceeds() throws Exception {
        start("--", "sh", "-c", "echo run; test -e mended");
        String out = inside("", "remote-access retry");
        assertTrue(out.contains("The command runs again"), out);
        await().atMost(PATIENCE).until(() -> shown("out").equals("run\nrun\n"));
        inside("", "touch mended; remote-access retry; sleep 30");
        assertEquals(0, exit());
        assertEquals("run\nrun\nrun\n", shown("out"));
        assertNothingIsLeft();
    }

    @Test
    void rerunRunsTheCommandInTheSession() throws Exception {
        start("--", "sh", "-c", "echo \"quoted $0\"; exit 4", "it's");
        String out = inside("", "remote-access rerun");
        assertTrue(out.contains("quoted it's\n"), out);
        assertTrue(out.contains("exit code 4"), out);
        assertEquals("quoted it's\n", shown("out"));
    }

    @Test
    void extensionsEndAtADay() throws Exception {
        start("--minutes", "1400", "--", "false");
        String out = inside("", "remote-access extend 30; remote-access extend 11; remote-access extend 10");
        assertTrue(out.contains("another 1429 min"), out);
        assertTrue(out.contains("All extensions together must stay within 1440 minutes; 10 are left."), out);
        assertTrue(out.contains("another 1439 min"), out);
    }

    @Test
    void controlCEndsItWithTheCommandsStatus() throws Exception {
        start("--", "sh", "-c", "exit 9");
        sshCommand();
        new ProcessBuilder("kill", "-INT", Long.toString(hold.pid())).start().waitFor();
        assertEquals(9, exit());
        assertNothingIsLeft();
    }

    @Test
    void stoppedWhileTheCommandRunsItStopsTheCommand() throws Exception {
        start("--", "sh", "-c", "echo $$; exec sleep 600");
        await().atMost(PATIENCE).until(() -> shown("out").endsWith("\n"));
        long command = Long.parseLong(shown("out").strip());
        hold.destroy();
        exit();
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(command).isEmpty());
    }
}
