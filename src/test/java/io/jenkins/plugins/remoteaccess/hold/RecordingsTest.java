package io.jenkins.plugins.remoteaccess.hold;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.policy.RecordingPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.recording.Recording;
import io.jenkins.plugins.remoteaccess.recording.RecordingFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What sessions show, from a real client and a real agent into the build's directory. */
@WithJenkins
class RecordingsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String SCRIPT =
            "node('agent') { withCredentials([string(credentialsId: 'token', variable: 'TOKEN')])"
                    + " { debugHold(minutes: 30, waitMinutes: 0) { sh 'exit 7' } } }";

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person admin;
    private HeldBuild held;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        record("everybody");
        ONE.keep(jenkins);
        admin = new Person("admin", directory).withKeyInAccount();
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "token", "", Secret.fromString("the token's value")));
    }

    private static void record(String who, String... groups) {
        RecordingPolicy policy = new RecordingPolicy();
        policy.setWho(who);
        policy.setGroups(List.of(groups));
        policy.setMegabytes(1);
        RemoteAccessConfiguration.get().setRecording(policy);
    }

    @BeforeEach
    void aHeldBuild() throws Exception {
        held = HeldBuild.start(jenkins, "admin", SCRIPT);
    }

    @AfterEach
    void end() throws Exception {
        if (held.run().getParent().getBuildByNumber(held.run().getNumber()) != null) {
            held.end(jenkins);
        }
    }

    private RecordingFolder folder() {
        return RecordingFolder.of(held.run());
    }

    private Recording whole(String kind) {
        return await().atMost(LONG)
                .until(
                        () -> folder().list().stream()
                                .filter(recording ->
                                        recording.whole() && recording.kind().equals(kind))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private String content(Recording recording) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        folder().cast(recording).copy(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path file(Recording recording) {
        return held.run().getRootDir().toPath().resolve("remote-access/recordings/" + recording.id() + ".cast");
    }

    @Test
    void aTerminalAndACommandAreKeptWithTheBuildAndGoWithIt() throws Exception {
        assertThat(admin.logIn(held.endpoint()), containsString("is recorded and kept with the build"));
        assertThat(
                admin.run(held.endpoint(), "echo it is $TOKEN; sleep 1; echo bye")
                        .output(),
                containsString("it is the token's value"));
        Recording command = whole("exec");
        assertThat(command.user(), is("admin"));
        assertThat(command.node(), is("agent"));
        assertThat(command.seconds(), greaterThan(0.9));
        assertThat(content(command), allOf(containsString("it is ****"), containsString("bye")));
        assertThat(content(whole("shell")), containsString("Remote Access: "));
        for (Recording recording : folder().list()) {
            assertThat(Files.readString(file(recording)), not(containsString("the token's value")));
        }
        held.end(jenkins);
        assertThat(folder().list().size(), is(2));
        held.run().delete();
        assertThat(Files.exists(held.run().getRootDir().toPath()), is(false));
    }

    @Test
    void whatIsShownUntilTheHoldEndsIsKeptThoughTheEndpointRemovesItsFiles() throws Exception {
        Process inside = admin.connect(held.endpoint(), "-tt", "echo beg''in; sleep 600");
        await().atMost(LONG)
                .until(() -> !folder().list().isEmpty()
                        && content(folder().list().get(0)).contains("begin"));
        assertThat("while the session lasts", folder().list().get(0).whole(), is(false));
        held.end(jenkins);
        inside.waitFor(60, TimeUnit.SECONDS);
        String content = content(whole("exec"));
        assertThat(content, containsString("begin"));
        assertThat("how it ended too: " + content, content, containsString("admin chose fail"));
        Path left = Path.of(
                jenkins.jenkins.getNode("agent").getRootPath().getRemote(),
                "remote-access",
                whole("exec").endpoint());
        await("nothing is left on the agent").atMost(LONG).until(() -> !Files.exists(left));
    }

    @Test
    void whatAKilledEndpointLeavesIsFetchedBeforeItStartsAgain() throws Exception {
        Process inside = admin.connect(held.endpoint(), "-tt", "echo beg''in; sleep 5; echo l''ast; sleep 600");
        await().atMost(LONG).until(() -> !folder().list().isEmpty());
        TimeUnit.SECONDS.sleep(6);
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("serve")
                        && process.info()
                                .commandLine()
                                .orElse("")
                                .contains(held.endpoint().id()))
                .forEach(ProcessHandle::destroyForcibly);
        inside.waitFor(60, TimeUnit.SECONDS);
        assertThat(content(whole("exec")), allOf(containsString("begin"), containsString("last")));
    }

    @Test
    void theLimitEndsTheRecordingAndIsSaidInTheLog() throws Exception {
        Person.Said said = admin.run(held.endpoint(), "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo all of it");
        assertThat(said.output().length(), greaterThan(3_000_000));
        Recording recording = whole("exec");
        assertThat(recording.note(), containsString("limit"));
        assertThat(Files.size(file(recording)), lessThan(1_010_000L));
        jenkins.assertLogContains("what admin is shown is not recorded any more: the limit", held.run());
    }

    @Test
    void whoIsNotNamedIsNotRecorded() throws Exception {
        record("groups", "somebody-else");
        await().atMost(LONG).until(() -> !admin.logIn(held.endpoint()).contains("is recorded"));
        int before = folder().list().size();
        admin.run(held.endpoint(), "echo unseen");
        held.end(jenkins);
        assertThat(folder().list().size(), is(before));
        for (Recording recording : folder().list()) {
            assertThat(content(recording), not(containsString("unseen")));
        }
        record("groups", "admin");
        held = HeldBuild.start(jenkins, "admin", SCRIPT);
        admin.run(held.endpoint(), "echo seen");
        assertThat(content(whole("exec")), containsString("seen"));
    }

    @Test
    void nothingIsRecordedByDefault() throws Exception {
        held.end(jenkins);
        RemoteAccessConfiguration.get().setRecording(null);
        HeldBuild other = HeldBuild.start(jenkins, "admin");
        admin.run(other.endpoint(), "echo unseen");
        assertThat(admin.logIn(other.endpoint()), not(containsString("recorded")));
        other.end(jenkins);
        assertThat(RecordingFolder.of(other.run()).list(), empty());
        assertThat(RecordingFolder.of(other.run()).exists(), is(false));
    }

    /** A file where a directory should be stands for a disk that takes nothing. */
    @Test
    void aControllerThatCannotKeepItSaysSoAndLetsPeopleWork() throws Exception {
        Path ours = held.run().getRootDir().toPath().resolve("remote-access");
        Files.writeString(Files.createDirectories(ours).resolve("recordings"), "in the way");
        assertThat(admin.run(held.endpoint(), "echo fine").output(), is("fine"));
        await().atMost(LONG)
                .untilAsserted(
                        () -> jenkins.assertLogContains("is not recorded any more: it cannot be kept", held.run()));
    }
}
