package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the administrators forbid, with OpenSSH's programs, while everything else goes on. */
class UsesTest {
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
    void aShellIsRefusedWithASentence() throws Exception {
        forbid("shell");
        OpenSsh.Result shell = served.clients.feed("echo in\n".getBytes(), "ssh", "alice", "-tt", "endpoint");
        assertEquals(126, shell.status());
        assertTrue(told(shell).contains("do not allow shells here"), told(shell));
        assertEquals("in", served.output("echo in"));
    }

    @Test
    void aCommandIsRefusedWithASentence() throws Exception {
        forbid("exec");
        OpenSsh.Result command = served.ssh("endpoint", "touch done");
        assertEquals(126, command.status());
        assertTrue(told(command).contains("do not allow commands here"), told(command));
        assertTrue(Files.notExists(served.workspace.resolve("done")));
        assertEquals(
                List.of("exec: not allowed by the administrators"), served.logged("refused"), "the log of refusals");
    }

    @Test
    void filesAreCopiedNeitherBySftpNorByScp() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        forbid("file transfer");
        for (String protocol : List.of("-s", "-O")) {
            OpenSsh.Result copy = served.clients.run("scp", "alice", protocol, file.toString(), "endpoint:copy");
            assertNotEquals(0, copy.status(), protocol);
            assertTrue(Files.notExists(served.workspace.resolve("copy")), protocol);
        }
        assertEquals("in", served.output("echo in"));
    }

    @Test
    void aForwardIsRefusedWithASentence() throws Exception {
        forbid("forward");
        OpenSsh.Result forward = served.ssh("-W", "127.0.0.1:" + served.endpoint.port(), "endpoint");
        assertNotEquals(0, forward.status());
        assertTrue(forward.errors().contains("do not allow forwards here"), forward.errors());
    }

    @Test
    void whatIsForbiddenLaterCountsForWhatIsOpenedThen() throws Exception {
        assertEquals("in", served.output("echo in"));
        forbid("exec");
        assertEquals(126, served.ssh("endpoint", "true").status());
        served.grants.replace(List.of(Served.grant("alice", served.alice)));
        assertEquals("in", served.output("echo in"));
    }

    private void forbid(String... uses) {
        served.grants.replace(List.of(new Grant("alice", Set.of(served.alice), true, Set.of(uses))));
    }

    private static String told(OpenSsh.Result result) {
        return result.output() + result.errors();
    }
}
