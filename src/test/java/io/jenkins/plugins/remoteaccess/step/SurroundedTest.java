package io.jenkins.plugins.remoteaccess.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.EnvVars;
import io.jenkins.plugins.remoteaccess.agent.Enclosure;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SurroundedTest {
    private static final List<String> COMMAND = List.of("true", "probe");

    private final EnvVars environment = new EnvVars("COLOUR", "dark blue", "TOKEN", "hunter2", "EMPTY", "", "A", "b=c");
    private final Surrounded surrounded = new Surrounded(environment, List.of("hunter2", ""), "/ws@tmp");

    private Enclosure read(String... words) {
        return surrounded.read(Stream.concat(Stream.of(words), COMMAND.stream()).toList(), COMMAND);
    }

    @Test
    void wordsBeforeACommandAreAPrefix() {
        Enclosure read = read("chroot", "/srv/root", "env");
        assertEquals(List.of("chroot", "/srv/root", "env"), read.words());
        assertEquals(OptionalInt.empty(), read.options());
    }

    @Test
    void anEnginesVariablesAreTakenOutOfItsCommandLine() {
        Enclosure read = read(
                "/opt/docker/bin/docker",
                "exec",
                "--workdir",
                "/ws/sub",
                "--env",
                "A=b=c",
                "-e",
                "TOKEN=hunter2",
                "--env=COLOUR=dark blue",
                "--env",
                "EMPTY=",
                "4f2c");
        assertEquals(List.of("/opt/docker/bin/docker", "exec", "--workdir", "/ws/sub", "4f2c"), read.words());
        assertEquals(OptionalInt.of(2), read.options());
        assertEquals(Set.of("A", "TOKEN", "COLOUR", "EMPTY"), read.variables());
    }

    @Test
    void variablesThatOldEnginesGiveToEnvAreTakenOutToo() {
        Enclosure read = read("podman", "exec", "4f2c", "env", "TOKEN=hunter2", "COLOUR=dark blue");
        assertEquals(List.of("podman", "exec", "4f2c", "env"), read.words());
        assertEquals(Set.of("TOKEN", "COLOUR"), read.variables());
    }

    @Test
    void whatTheStepWasNotGivenStays() {
        Enclosure read = read("docker", "--host", "tcp://h:1", "exec", "--env", "OTHER=x", "4f2c");
        assertEquals(List.of("docker", "--host", "tcp://h:1", "exec", "--env", "OTHER=x", "4f2c"), read.words());
        assertEquals(OptionalInt.of(4), read.options());
    }

    @Test
    void anythingElseIsRelayed() {
        assertTrue(surrounded.read(List.of("sh", "-c", "true probe"), COMMAND).relayed());
        assertTrue(surrounded
                .read(List.of("chroot", "/x", "true", "probe", "after"), COMMAND)
                .relayed());
        assertTrue(surrounded.read(List.of("true"), COMMAND).relayed());
    }

    @Test
    void aPrefixThatTellsASecretIsRelayed() {
        assertTrue(read("env", "TOKEN=hunter2", "chroot", "/x").relayed());
        assertFalse(read("env", "COLOUR=red", "chroot", "/x").relayed());
    }

    @Test
    void whereFilesAreSharedIsSaidButNoWords() {
        assertEquals("Enclosure[/ws@tmp]", read("chroot", "/srv/root").toString());
    }
}
