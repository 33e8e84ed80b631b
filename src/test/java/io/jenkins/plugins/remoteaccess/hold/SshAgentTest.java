package io.jenkins.plugins.remoteaccess.hold;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import hudson.plugins.sshslaves.SSHLauncher;
import hudson.plugins.sshslaves.verifiers.ManuallyProvidedKeyVerificationStrategy;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.LocalSshd;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** An agent that Jenkins starts through ssh, as the SSH Build Agents plugin does. */
@WithJenkins
class SshAgentTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static LocalSshd sshd;
    private static Person granted;
    private static DumbSlave agent;

    @BeforeAll
    static void anAgentByWayOfSsh(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.people(jenkins);
        ONE.keep(jenkins);
        sshd = new LocalSshd(directory);
        granted = new Person("granted", directory).withKeyInAccount();
        String user = System.getProperty("user.name");
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new BasicSSHUserPrivateKey(
                        CredentialsScope.SYSTEM,
                        "agents",
                        user,
                        new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(sshd.userKey()),
                        null,
                        ""));
        SSHLauncher launcher = new SSHLauncher("127.0.0.1", sshd.port(), "agents");
        launcher.setSshHostKeyVerificationStrategy(new ManuallyProvidedKeyVerificationStrategy(sshd.hostKey()));
        launcher.setJavaPath(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        agent = new DumbSlave("agent", directory.resolve("agent").toString(), launcher);
        jenkins.jenkins.addNode(agent);
        jenkins.waitOnline(agent);
    }

    @AfterAll
    static void close() throws Exception {
        if (agent != null) {
            agent.toComputer().disconnect(null).get();
        }
        if (sshd != null) {
            sshd.close();
        }
    }

    @Test
    void holdIsEnteredRetriedAndEndsCleanly() throws Exception {
        HeldBuild held =
                HeldBuild.start(jenkins, "granted", "node('agent') { debugHold(minutes: 5) { sh 'test -f mended' } }");
        Endpoint endpoint = held.endpoint();
        assertThat(granted.run(endpoint, "true"), is(new Person.Said(0, "")));
        assertThat(
                granted.run(endpoint, "pwd").output(),
                startsWith(directory.resolve("agent/workspace").toString()));
        assertThat(granted.run(endpoint, "touch mended; remote-access retry").output(), containsString("retry"));
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(held.run()));
        nothingLeftOf(endpoint);
    }

    @Test
    void peopleStayConnectedWhileTheAgentIsAway() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        Endpoint endpoint = held.endpoint();
        Process inside = granted.connect(endpoint, "sleep 1000");
        try {
            await().atMost(LONG).until(() -> !endpoint.connections().isEmpty());
            agent.toComputer().disconnect(null).get();
            assertThat("still connected", inside.isAlive());
            assertThat(granted.run(endpoint, "echo in").output(), is("in"));
            agent.toComputer().connect(false).get();
            await().atMost(LONG).until(() -> endpoint.trouble().isEmpty());
            assertThat("still connected", inside.isAlive());
            assertThat(granted.run(endpoint, "remote-access continue").status(), is(0));
        } finally {
            inside.destroyForcibly();
        }
        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(held.run()));
        nothingLeftOf(endpoint);
    }

    private static void nothingLeftOf(Endpoint endpoint) {
        Path own = directory.resolve("agent/remote-access").resolve(endpoint.id());
        await().atMost(LONG).until(() -> !Files.exists(own));
        await().atMost(LONG)
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(process ->
                                process.info().commandLine().orElse("").contains(own.toString())));
    }
}
