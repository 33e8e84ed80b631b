package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTransferTest {
    @TempDir
    Path folder;

    private Served served;
    private Path local;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
        local = served.clients.folder();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private OpenSsh.Result sftp(String... commands) throws IOException {
        byte[] batch = (String.join("\n", commands) + "\n").getBytes(StandardCharsets.UTF_8);
        return served.clients.feed(batch, "sftp", "alice", "-q", "-b", "-", "endpoint");
    }

    private void scp(String... arguments) throws IOException {
        OpenSsh.Result result = served.clients.run("scp", "alice", arguments);
        assertEquals(0, result.status(), result.errors());
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void sftpStartsInTheStepsDirectory() throws IOException {
        assertTrue(sftp("pwd").output().contains("Remote working directory: " + served.workspace));
    }

    @Test
    void bigFilesArriveUnchangedBothWays() throws IOException {
        byte[] bytes = random(20_000_000);
        Files.write(local.resolve("big"), bytes);
        assertEquals(0, sftp("put big", "get big back").status());
        assertArrayEquals(bytes, Files.readAllBytes(local.resolve("back")));
    }

    @Test
    void renamingReplacesAsPosixDoes() throws IOException {
        Files.writeString(served.workspace.resolve("old"), "new content");
        Files.writeString(served.workspace.resolve("new"), "old content");
        assertEquals(0, sftp("rename old new").status());
        assertEquals("new content", Files.readString(served.workspace.resolve("new")));
    }

    @Test
    void newFilesAndFoldersHonourTheUmask() throws IOException {
        Files.write(local.resolve("plain"), new byte[1]);
        Files.setPosixFilePermissions(local.resolve("plain"), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertEquals(0, sftp("mkdir made", "put plain").status());
        Umask umask = Umask.current();
        assertEquals(
                PosixFilePermissions.toString(umask.mask(PosixFilePermissions.fromString("rwxrwxrwx"))),
                mode(served.workspace.resolve("made")));
        assertEquals(
                PosixFilePermissions.toString(umask.mask(PosixFilePermissions.fromString("rw-rw-rw-"))),
                mode(served.workspace.resolve("plain")));
    }

    @Test
    void chmodIsTakenAsAsked() throws IOException {
        Files.createDirectory(served.workspace.resolve("open"));
        assertEquals(0, sftp("chmod 777 open").status());
        assertEquals("rwxrwxrwx", mode(served.workspace.resolve("open")));
    }

    @Test
    void whatIsTransferredIsLogged() throws IOException {
        Files.write(local.resolve("a"), new byte[1]);
        sftp("put a", "get a b", "rename a c", "rm c");
        Path in = served.workspace;
        assertEquals(
                List.of(
                        "write " + in.resolve("a"),
                        "read " + in.resolve("a"),
                        "rename " + in.resolve("a") + " to " + in.resolve("c"),
                        "remove " + in.resolve("c")),
                served.logged("file transfer"));
    }

    @Test
    void manyFilesDoNotFloodTheLog() throws IOException {
        for (int i = 0; i < 150; i++) {
            Files.write(served.workspace.resolve("f" + i), new byte[1]);
        }
        scp("-r", "endpoint:.", local.resolve("copy").toString());
        org.awaitility.Awaitility.await()
                .until(() -> served.logged("file transfer").contains("and 50 more"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-s", "-O"})
    void scpCopiesTreesBothWaysWithTimesAndModes(String protocol) throws IOException {
        Path tree = Files.createDirectories(local.resolve("tree/sub"));
        Files.write(tree.resolve("tool"), random(100_000));
        Files.setPosixFilePermissions(tree.resolve("tool"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(
                tree.resolve("tool"), java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000L));
        scp(protocol, "-r", "-p", local.resolve("tree").toString(), "endpoint:");
        scp(protocol, "-r", "-p", "endpoint:tree", local.resolve("back").toString());
        Path back = local.resolve("back/sub/tool");
        assertArrayEquals(random(100_000), Files.readAllBytes(back));
        assertEquals("rwxr-x---", mode(back));
        assertEquals(1_000_000_000_000L, Files.getLastModifiedTime(back).toMillis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-s", "-O"})
    void scpKnowsPatterns(String protocol) throws IOException {
        Files.writeString(served.workspace.resolve("one.log"), "1");
        Files.writeString(served.workspace.resolve("two.log"), "2");
        Files.writeString(served.workspace.resolve("three.txt"), "3");
        scp(protocol, "endpoint:*.log", local.toString());
        assertTrue(Files.exists(local.resolve("one.log")) && Files.exists(local.resolve("two.log")));
        assertTrue(Files.notExists(local.resolve("three.txt")));
    }

    @Test
    void scpNeedsNoScpOnTheAgent() throws IOException {
        served.place(Map.of("PATH", folder.resolve("nothing").toString()));
        Path tool = Files.write(local.resolve("file"), random(50_000));
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxrwxrwx"));
        scp("-O", tool.toString(), "endpoint:copy");
        assertArrayEquals(random(50_000), Files.readAllBytes(served.workspace.resolve("copy")));
        assertEquals(
                PosixFilePermissions.toString(Umask.current().mask(PosixFilePermissions.fromString("rwxrwxrwx"))),
                mode(served.workspace.resolve("copy")));
        scp("-O", "endpoint:copy", local.resolve("back").toString());
        assertArrayEquals(random(50_000), Files.readAllBytes(local.resolve("back")));
    }

    @Test
    void scpWithoutOneOnTheAgentKnowsTreesAndPatterns() throws IOException {
        served.place(Map.of("PATH", folder.resolve("nothing").toString()));
        Files.createDirectories(local.resolve("tree/sub"));
        Files.writeString(local.resolve("tree/sub/one.log"), "1");
        scp("-O", "-r", local.resolve("tree").toString(), "endpoint:");
        scp("-O", "endpoint:tree/sub/*.log", local.toString());
        assertEquals("1", Files.readString(local.resolve("one.log")));
        assertEquals("1", Files.readString(served.workspace.resolve("tree/sub/one.log")));
    }

    @Test
    void rsyncCopiesBothWays() throws IOException {
        Files.createDirectories(local.resolve("tree/sub"));
        Files.write(local.resolve("tree/sub/data"), random(300_000));
        String ssh = String.join(" ", served.clients.command("ssh", "alice"));
        for (List<String> ends : List.of(List.of("tree", "endpoint:"), List.of("endpoint:tree/", "back"))) {
            OpenSsh.Result result = OpenSsh.finish(
                    new ProcessBuilder("rsync", "-a", "-e", ssh, ends.get(0), ends.get(1))
                            .directory(local.toFile())
                            .start(),
                    new byte[0]);
            assertEquals(0, result.status(), result.errors());
        }
        assertArrayEquals(random(300_000), Files.readAllBytes(local.resolve("back/sub/data")));
    }

    @Test
    void symbolicLinksAreShownAndFollowed() throws IOException {
        Files.writeString(served.workspace.resolve("target"), "content");
        Files.createSymbolicLink(served.workspace.resolve("link"), Path.of("target"));
        assertEquals(0, sftp("get link", "ln -s target made").status());
        assertEquals("content", Files.readString(local.resolve("link")));
        assertEquals(Path.of("target"), Files.readSymbolicLink(served.workspace.resolve("made")));
    }

    @Test
    void freeSpaceIsTold() throws IOException {
        OpenSsh.Result result = sftp("df -h");
        assertEquals(0, result.status(), result.errors());
        assertTrue(result.output().contains("%"), result.output());
    }

    @Test
    void messagesDoNotDisturbTransfers() throws Exception {
        Files.write(local.resolve("big"), random(30_000_000));
        Process upload = served.clients.start(
                "scp", "alice", "-l", "200000", local.resolve("big").toString(), "endpoint:");
        org.awaitility.Awaitility.await().until(() -> Files.exists(served.workspace.resolve("big")));
        served.endpoint.tell("Ten minutes left.");
        assertEquals(0, OpenSsh.finish(upload, new byte[0]).status());
        assertArrayEquals(random(30_000_000), Files.readAllBytes(served.workspace.resolve("big")));
    }
}
