package io.jenkins.plugins.remoteaccess.step;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.ExtensionList;
import hudson.model.Descriptor;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Builds whose steps run in namespaces of their own, where a file stands that there is none of outside, and the endpoint's directory is
 * missing, as in a container.
 */
@WithJenkins
class ContainerTest {
    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person admin;
    private static Process unshare;
    private static Path mark;
    private static String leader;

    @BeforeAll
    static void aContainer(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        InsideStep.DescriptorImpl inside = new InsideStep.DescriptorImpl();
        ExtensionList.lookup(StepDescriptor.class).add(inside);
        ExtensionList.lookup(Descriptor.class).add(inside);
        admin = new Person("admin", directory).withKeyInAccount();
        mark = Files.createDirectories(directory.resolve("mark"));
        Path endpoints = Files.createDirectories(
                Path.of(jenkins.jenkins.getNode("agent").getRootPath().getRemote(), "remote-access"));
        String script =
                "mount -t tmpfs none \"$1\" && mount -t tmpfs none \"$2\" && touch \"$2/inside\" && exec sleep 9999";
        unshare = new ProcessBuilder(
                        "unshare",
                        "-m",
                        "-p",
                        "-f",
                        "--mount-proc",
                        "sh",
                        "-c",
                        script,
                        "sh",
                        endpoints.toString(),
                        mark.toString())
                .redirectOutput(directory.resolve("unshare.log").toFile())
                .redirectErrorStream(true)
                .start();
        await().until(() -> !unshare.isAlive()
                || unshare.children()
                        .anyMatch(child -> child.info().commandLine().orElse("").endsWith("sleep 9999")));
        assumeTrue(unshare.isAlive(), "this machine lets nobody make namespaces");
        leader = String.valueOf(unshare.children().findFirst().orElseThrow().pid());
    }

    @AfterAll
    static void noContainer() {
        if (unshare != null) {
            unshare.descendants().forEach(ProcessHandle::destroyForcibly);
            unshare.destroyForcibly();
        }
    }

    private static HeldBuild held(boolean fromController) throws Exception {
        unmend();
        String mended = mark.resolve("mended").toString();
        return HeldBuild.start(
                jenkins,
                "admin",
                "node('agent') { inside(leader: '" + leader + "', fromController: " + fromController + ") {"
                        + " withEnv(['COLOUR=dark blue']) { debugHold(minutes: 5, waitMinutes: 0) {"
                        + " sh 'test -f " + mended + "' } } } }");
    }

    private static String shell(Endpoint endpoint, String... lines) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(admin.ssh(endpoint));
        command.add(1, "-tt");
        Path input = Files.writeString(directory.resolve("typed"), String.join("\n", lines) + "\nexit\n");
        Path output = Files.createTempFile(directory, "shell", ".log");
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(Files.readString(output), process.waitFor(90, java.util.concurrent.TimeUnit.SECONDS), is(true));
        // Without bash's marks of where a line is being typed
        return Files.readString(output).replaceAll("\u001b\\[[?]2004[hl]\r?", "");
    }

    private static void seesTheInside(Endpoint endpoint) throws Exception {
        Person.Said said = admin.run(endpoint, "ls " + mark + "; pwd; echo \"$COLOUR\"; exit 42");
        assertThat(
                said.output(), allOf(startsWith("inside\n"), containsString("/workspace/"), endsWith("\ndark blue")));
        assertThat(said.status(), is(42));
        String shell = shell(endpoint, "ls " + mark, "tty", "remote-access status | grep -c 'time left'");
        assertThat(
                shell,
                allOf(containsString("\ninside\r\n"), containsString("\n1\r\n"), not(containsString("not a tty"))));
        Person.Said rerun = admin.run(endpoint, "remote-access rerun");
        assertThat(rerun.output(), containsString("the script ended with exit code 1"));
    }

    private static void copiesFilesIntoTheWorkspace(Endpoint endpoint) throws Exception {
        Path source = Files.writeString(directory.resolve("copied"), "content");
        List<String> scp = new ArrayList<>(List.of("scp"));
        scp.addAll(admin.options(Person.Target.of(endpoint)));
        Person.Target target = Person.Target.of(endpoint);
        scp.addAll(
                List.of("-P", String.valueOf(target.port()), source.toString(), "admin@" + target.host() + ":copied"));
        assertThat(new ProcessBuilder(scp).inheritIO().start().waitFor(), is(0));
        assertThat(admin.run(endpoint, "cat copied").output(), is("content"));
    }

    private static void retries(HeldBuild held) throws Exception {
        Person.Said said = admin.run(held.endpoint(), "touch " + mark.resolve("mended") + "; remote-access retry");
        assertThat(said.output(), said.status(), is(0));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(held.run()));
    }

    private static void nothingStays(String workspace) {
        await().until(() -> {
            try (var files = Files.list(Path.of(workspace + "@tmp"))) {
                return files.noneMatch(file -> file.getFileName().toString().startsWith("remote-access-"));
            }
        });
    }

    @Test
    void shellsAreWhereALauncherLeadsThatPutsWordsBeforeACommand() throws Exception {
        HeldBuild held = held(false);
        Endpoint endpoint = held.endpoint();
        seesTheInside(endpoint);
        copiesFilesIntoTheWorkspace(endpoint);
        assertThat(admin.logIn(endpoint), containsString("what nsenter starts"));
        String workspace = admin.run(endpoint, "pwd").output();
        retries(held);
        nothingStays(workspace);
    }

    @Test
    void shellsAreRelayedWhereOnlyTheControllerStartsSomething() throws Exception {
        HeldBuild held = held(true);
        Endpoint endpoint = held.endpoint();
        seesTheInside(endpoint);
        copiesFilesIntoTheWorkspace(endpoint);
        assertThat(admin.logIn(endpoint), containsString("only Jenkins gets in; shells end when Jenkins restarts"));
        String workspace = admin.run(endpoint, "pwd").output();
        retries(held);
        nothingStays(workspace);
    }

    @Test
    void aStepThatFailsOutsideIsHeldOutside() throws Exception {
        HeldBuild held = HeldBuild.start(
                jenkins,
                "admin",
                "node('agent') { debugHold(minutes: 5) { inside(leader: '" + leader
                        + "', fromController: false) { sh 'exit 7' } } }");
        assertThat(admin.run(held.endpoint(), "ls " + mark).output(), is(""));
        held.endpoint().release(Outcome.FAIL, User.getById("admin", true));
        jenkins.waitForCompletion(held.run());
    }

    /** What an earlier test has mended. */
    private static void unmend() throws Exception {
        new ProcessBuilder(
                        "nsenter",
                        "-t",
                        leader,
                        "-m",
                        "rm",
                        "-f",
                        mark.resolve("mended").toString())
                .start()
                .waitFor();
    }
}
