package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void theStepsEnvironmentIsThere() throws IOException {
        served.place(Map.of("JENKINS_NODE_COOKIE", "c o'o\"kie", "MULTI", "one\ntwo"));
        assertEquals("c o'o\"kie one\ntwo", served.output("echo \"$JENKINS_NODE_COOKIE $MULTI\""));
    }

    /** Everything that is in this process's environment and not in the step's would be a leak. */
    @Test
    void nothingOfTheEndpointsOwnEnvironmentLeaks() throws IOException {
        Set<String> allowed = Set.of(
                "PATH",
                "HOME",
                "LANG",
                "USER",
                "LOGNAME",
                "SHELL",
                "SHLVL",
                "PWD",
                "OLDPWD",
                "_",
                "SSH_CLIENT",
                "SSH_CONNECTION",
                "REMOTE_ACCESS_SESSION");
        List<String> names = served.output("env")
                .lines()
                .map(line -> line.replaceFirst("=.*", ""))
                .toList();
        assertEquals(
                List.of(),
                names.stream().filter(name -> !allowed.contains(name)).toList());
    }

    @Test
    void sensitiveVariablesAreForGrantsWithSecretsAlone() throws IOException {
        served.place(Map.of("TOKEN", "secret"), "TOKEN");
        assertEquals("secret", served.output("echo $TOKEN"));
        served.grants.replace(List.of(new Grant("alice", Set.of(served.alice), false)));
        assertEquals("none", served.output("echo ${TOKEN:-none}"));
    }

    @Test
    void theEndpointsProgramsComeFirstInCommands() throws IOException {
        Files.writeString(served.clients.folder().resolve(".bashrc"), "PATH=/usr/bin:/bin\n");
        assertTrue(served.output("echo $PATH").startsWith(folder.resolve("bin") + ":"));
    }

    @Test
    void theEndpointsProgramsComeFirstInShellsWhateverTheirStartUpFileDoes() throws IOException {
        Files.writeString(served.clients.folder().resolve(".bashrc"), "PATH=/usr/bin:/bin\nFROM_FILE=read\n");
        String shown = served.clients
                .feed("echo \"<$PATH>\" $FROM_FILE; exit\n".getBytes(), "ssh", "alice", "-tt", "endpoint")
                .output();
        assertTrue(shown.contains("<" + folder.resolve("bin") + ":/usr/bin:/bin> read"), shown);
    }

    @Test
    void theClientsLocaleIsTakenAndNothingElse() throws IOException {
        Process client = new ProcessBuilder(served.clients.command(
                        "ssh",
                        "alice",
                        "-o",
                        "SetEnv=LC_ALL=C.UTF-8 COLORTERM=truecolor " + "LD_PRELOAD=/tmp/evil.so BASH_ENV=/tmp/evil",
                        "endpoint",
                        "echo $LC_ALL $COLORTERM ${LD_PRELOAD:-no} ${BASH_ENV:-no}"))
                .start();
        assertEquals(
                "C.UTF-8 truecolor no no\n", OpenSsh.finish(client, new byte[0]).output());
    }

    @Test
    void localesThatAreNoneAreDropped() throws IOException {
        assertEquals(
                "C.UTF-8",
                served.ssh("-o", "SetEnv=LANG=$(id)", "endpoint", "echo $LANG")
                        .output()
                        .trim());
    }

    @Test
    void theSessionIsNamed() throws IOException {
        assertTrue(served.output("echo $REMOTE_ACCESS_SESSION").matches("[0-9a-f]{32}"));
    }

    @Test
    void theConnectionIsDescribedAsUnderOpenSsh() throws IOException {
        assertTrue(served.output("echo $SSH_CONNECTION")
                .matches("127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 " + served.endpoint.port()));
    }

    @Test
    void utf8PassesInCommandsAndNames() throws IOException {
        assertEquals("gr\u00fc\u00df dich \u2713", served.output("echo 'gr\u00fc\u00df dich \u2713'"));
    }

    @Test
    void bashRunsCommandsEvenIfTheAccountHasNoShell() throws IOException {
        served.place(Map.of("SHELL", "/usr/sbin/nologin"));
        assertFalse(served.output("echo $BASH_VERSION").isEmpty());
    }
}
