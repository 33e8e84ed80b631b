package io.jenkins.plugins.remoteaccess.endpoint.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The in-session command in every POSIX shell of this machine, in a directory whose name needs quoting. */
class RemoteAccessCommandTest {
    private static final String SESSION = "s3ss10n_-";
    private static final Connection ALICE =
            new Connection("c1", "alice", "shell", "127.0.0.1:9", "OpenSSH", "SHA256:x", Instant.EPOCH, SESSION);

    record Outcome(int status, String out, String err) {}

    @TempDir
    private Path folder;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Answer answer = new Answer(true, "30 more minutes.\nSaid Jenkins.");
    private EndpointDirectory directory;
    private RequestWatcher watcher;

    @BeforeEach
    void install() throws IOException {
        directory = EndpointDirectory.prepare(folder.resolve("a b'c\"d$e"));
        SessionCommand.install(directory);
        watcher = RequestWatcher.start(
                directory,
                () -> true,
                session -> Optional.of(ALICE).filter(alice -> alice.session().equals(session)),
                connection -> "status for " + connection.user(),
                this::ask);
    }

    private void ask(Connection from, String verb, String argument, Consumer<Answer> reply) {
        asked.add(from.user() + " " + verb + " " + argument);
        if (answer != null) {
            reply.accept(answer);
        }
    }

    @AfterEach
    void stop() {
        watcher.close();
    }

    private Outcome run(List<String> shell, Map<String, String> environment, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(shell);
        words.add(directory.binaries().resolve("remote-access").toString());
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("REMOTE_ACCESS_SESSION", SESSION);
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Outcome(
                process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    private Outcome run(List<String> shell, String... arguments) throws Exception {
        return run(shell, Map.of(), arguments);
    }

    private void place(Optional<String> step, Optional<String> script, Set<String> sensitive) throws IOException {
        Path workspace = Files.createDirectories(folder.resolve("w'o\"r$k `space`"));
        new Rerun(directory)
                .prepare(new Place(
                        workspace, Map.of(), sensitive, "app #12", Optional.empty(), step, Optional.of(1), script));
    }

    static Stream<List<String>> shells() {
        return Shells.all();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void passesARequestOnAndShowsTheAnswer(List<String> shell) throws Exception {
        assertEquals(new Outcome(0, "30 more minutes.\nSaid Jenkins.\n", ""), run(shell, "extend", "30"));
        assertEquals(List.of("alice extend 30"), asked);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void failsWhenJenkinsSaysNo(List<String> shell) throws Exception {
        answer = new Answer(false, "Not you.");
        assertEquals(new Outcome(1, "Not you.\n", ""), run(shell, "retry"));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void showsTheEndpointsStatus(List<String> shell) throws Exception {
        assertEquals(new Outcome(0, "status for alice\n", ""), run(shell, "status"));
        assertEquals(List.of(), asked);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void refusesWhatItDoesNotKnow(List<String> shell) throws Exception {
        assertEquals(2, run(shell, "explode").status());
        assertEquals(2, run(shell).status());
        assertEquals(2, run(shell, "extend").status());
        assertEquals(2, run(shell, "extend", "30m").status());
        assertEquals(2, run(shell, "retry", "now").status());
        assertEquals(List.of(), asked);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void rerunsTheScriptInItsDirectoryAndReturnsItsStatus(List<String> shell) throws Exception {
        place(Optional.of("sh"), Optional.of("echo here: $PWD\nfalse\necho not reached"), Set.of());
        Outcome outcome = run(shell, "rerun");
        assertEquals(1, outcome.status());
        assertEquals("here: " + folder.toRealPath() + "/w'o\"r$k `space`\n", outcome.out());
        assertTrue(outcome.err().contains("+ false\n"), outcome.err());
        assertTrue(outcome.err().endsWith("remote-access: the script ended with exit code 1\n"), outcome.err());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void rerunsWithTheScriptsOwnInterpreter(List<String> shell) throws Exception {
        place(
                Optional.of("sh"),
                Optional.of("#!/usr/bin/env bash\na=(one two)\nfalse\necho ${a[1]}\nexit 3"),
                Set.of());
        Outcome outcome = run(shell, "rerun");
        assertEquals(new Outcome(3, "two\n", "remote-access: the script ended with exit code 3\n"), outcome);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void rerunNamesTheVariablesThatAreMissing(List<String> shell) throws Exception {
        place(Optional.of("sh"), Optional.of("#!/bin/sh\nexit 0"), Set.of("TOKEN", "KEPT", "not-a-name"));
        Outcome outcome = run(shell, Map.of("KEPT", ""), "rerun");
        assertTrue(
                outcome.err().startsWith("remote-access: withheld from this session, so it may end otherwise: TOKEN\n"),
                outcome.err());
    }

    @Test
    void rerunLeavesNoVariableOfItsOwnInTheScript() throws Exception {
        place(Optional.of("sh"), Optional.of("#!/bin/sh\nenv; set"), Set.of("TOKEN"));
        assertFalse(run(List.of("sh"), "rerun").out().contains("_ra_"));
    }

    @Test
    void rerunSaysThatNoScriptIsKnown() throws Exception {
        place(Optional.of("junit"), Optional.empty(), Set.of());
        Outcome outcome = run(List.of("sh"), "rerun");
        assertEquals(new Outcome(1, "", "remote-access: the script of the failed step is not known\n"), outcome);
    }

    @Test
    void aNewPlaceReplacesTheScript() throws Exception {
        place(Optional.of("sh"), Optional.of("#!/bin/sh\necho first"), Set.of());
        place(Optional.of("sh"), Optional.of("#!/bin/sh\necho second"), Set.of());
        assertEquals("second\n", run(List.of("sh"), "rerun").out());
        place(Optional.of("junit"), Optional.empty(), Set.of());
        assertEquals(1, run(List.of("sh"), "rerun").status());
    }

    @Test
    void saysThatJenkinsHasNotAnsweredYet() throws Exception {
        answer = null;
        Outcome outcome = run(List.of("sh"), "continue");
        String sentence = "remote-access: no answer from Jenkins yet; it will be carried out when it is reachable\n";
        assertEquals(new Outcome(3, "", sentence), outcome);
        assertEquals(List.of("alice continue "), asked);
    }

    @Test
    void saysThatTheEndpointIsGone() throws Exception {
        watcher.close();
        Outcome outcome = run(List.of("sh"), "retry");
        assertEquals(
                new Outcome(1, "", "remote-access: the endpoint does not answer; nothing was asked for\n"), outcome);
        assertEquals(0, directory.requests().toFile().list().length);
    }

    @Test
    void saysThatTheDirectoryIsGone() throws Exception {
        EndpointDirectory.remove(directory.requests());
        Outcome outcome = run(List.of("sh"), "retry");
        assertEquals(1, outcome.status());
        assertTrue(outcome.err().startsWith("remote-access: cannot write to " + directory.requests()), outcome.err());
    }

    @Test
    void isOfNoUseOutsideASession() throws Exception {
        Outcome outcome = run(List.of("sh"), Map.of("REMOTE_ACCESS_SESSION", "../x"), "retry");
        assertEquals(
                new Outcome(1, "", "remote-access: this shell does not belong to a Remote Access session\n"), outcome);
    }

    @Test
    void aRequestOfAnUnknownSessionIsIgnored() throws Exception {
        Path request = directory.requests().resolve("somebody-else.1.request");
        Files.writeString(request, "fail\n");
        assertEquals(0, run(List.of("sh"), "extend", "5").status());
        assertEquals(List.of("alice extend 5"), asked);
        assertFalse(Files.exists(request));
    }

    @Test
    void leavesNothingBehindInTheFolder() throws Exception {
        run(List.of("sh"), "extend", "30");
        assertEquals(0, directory.requests().toFile().list().length);
    }

    @Test
    void isPrivate() throws Exception {
        for (Path path : List.of(
                directory.root(), directory.requests(), directory.binaries().resolve("remote-access"))) {
            assertEquals(
                    "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)), path.toString());
        }
    }

    @Test
    void theWindowsCommandQuotesItsPaths() throws IOException {
        String script = SessionCommand.windows(directory);
        assertTrue(
                script.contains(
                        "$requests = '" + directory.requests().toString().replace("'", "''") + "'"),
                script);
        assertTrue(script.startsWith("\uFEFF#"));
    }
}
