package io.jenkins.plugins.remoteaccess.hold;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.CauseAction;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Endpoints on agents that are processes of their own, and what happens when those go away. */
@WithJenkins
class AgentTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person alice;

    @BeforeAll
    static void aJenkinsWithAlice(JenkinsRule rule) throws Exception {
        jenkins = rule;
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice"));
        direct("0");
        alice = new Person("alice", directory).withKeyInAccount();
        ONE.keep(jenkins);
    }

    @AfterEach
    void noAgent() throws Exception {
        for (Node node : jenkins.jenkins.getNodes()) {
            jenkins.jenkins.removeNode(node);
        }
    }

    @Test
    void worksOverTcp() throws Exception {
        Slave agent = agents.createAgent(
                jenkins,
                InboundAgentExtension.Options.newBuilder().name("agent").build());
        assertInAndOut(agent);
    }

    @Test
    void theProgramIsShippedOnceForAllEndpointsOfAnAgent() throws Exception {
        Slave agent = webSocketAgent();
        assertInAndOut(agent);
        Path program = programs(agent).get(0);
        Object first = Files.readAttributes(program, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
        assertInAndOut(agent);
        assertThat(programs(agent), is(List.of(program)));
        assertThat(
                Files.readAttributes(program, java.nio.file.attribute.BasicFileAttributes.class)
                        .fileKey(),
                is(first));
    }

    @Test
    void aProgramThatWasTamperedWithIsShippedAnew() throws Exception {
        Slave agent = webSocketAgent();
        assertInAndOut(agent);
        Path jar = programs(agent).get(0).resolve("remote-access-endpoint.jar");
        byte[] good = Files.readAllBytes(jar);
        Files.write(jar, new byte[] {1, 2, 3});
        assertInAndOut(agent);
        assertThat(Files.readAllBytes(jar), is(good));
    }

    @Test
    void peopleStayConnectedWhenTheAgentIsKilledAndComesBack() throws Exception {
        webSocketAgent();
        WorkflowRun build = start();
        Endpoint endpoint = held(build);
        Process inside = alice.connect(endpoint, "sleep 1000");
        try {
            await().atMost(LONG).until(() -> !endpoint.connections().isEmpty());
            agents.stop("agent");
            assertThat("still connected", inside.isAlive());
            assertThat(alice.run(endpoint, "echo in").output(), is("in"));
            agents.start(
                    jenkins,
                    InboundAgentExtension.Options.newBuilder()
                            .name("agent")
                            .webSocket()
                            .build());
            await().atMost(LONG).until(() -> endpoint.trouble().isEmpty());
            assertThat("still connected", inside.isAlive());
            assertThat(alice.run(endpoint, "remote-access continue").status(), is(0));
            jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(build));
        } finally {
            inside.destroyForcibly();
        }
    }

    @Test
    void anEndpointThatIsKilledComesBackWithTheSameHostKeyAndPort() throws Exception {
        webSocketAgent();
        WorkflowRun build = start();
        Endpoint endpoint = held(build);
        Person.Target before = Person.Target.of(endpoint);
        processes(endpoint.id()).forEach(ProcessHandle::destroyForcibly);
        jenkins.waitForMessage("opening it again, with the same host key", build);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(alice.run(before, "echo in").output(), is("in")));
        endpoint.release(Outcome.FAIL, alice.user());
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
    }

    @Test
    void anAgentThatIsRemovedEndsTheHold() throws Exception {
        Slave agent = webSocketAgent();
        WorkflowRun build = start();
        Endpoint endpoint = held(build);
        agents.stop("agent");
        jenkins.jenkins.removeNode(agent);
        await().atMost(LONG).until(() -> endpoint.state() == Endpoint.State.CLOSED);
        jenkins.waitForCompletion(build);
        jenkins.assertLogContains("the agent agent has been removed from Jenkins", build);
    }

    @Test
    void aBuildThatEndedWhileTheAgentWasAwayLeavesNothingOnIt() throws Exception {
        webSocketAgent();
        WorkflowRun build = start();
        Endpoint endpoint = held(build);
        agents.stop("agent");
        endpoint.close("test");
        assertThat(
                "it runs without agent and controller", processes(endpoint.id()).count() > 0);
        agents.start(
                jenkins,
                InboundAgentExtension.Options.newBuilder()
                        .name("agent")
                        .webSocket()
                        .build());
        await().atMost(LONG).until(() -> processes(endpoint.id()).findAny().isEmpty());
        build.doKill();
    }

    @Test
    void whatAKilledEndpointHasLeftIsRemovedWhenItsAgentComesBack() throws Exception {
        Slave agent = webSocketAgent();
        WorkflowRun build = start();
        Endpoint endpoint = held(build);
        Path own = Path.of(agent.getRemoteFS(), "remote-access", endpoint.id());
        agents.stop("agent");
        processes(endpoint.id()).forEach(ProcessHandle::destroyForcibly);
        endpoint.close("test");
        assertThat("killed, it could not clear away", Files.isDirectory(own));
        Path fresh = Files.createDirectory(own.resolveSibling("0123456789abcdef"));
        Files.setLastModifiedTime(own, FileTime.from(Instant.now().minusSeconds(120)));
        agents.start(
                jenkins,
                InboundAgentExtension.Options.newBuilder()
                        .name("agent")
                        .webSocket()
                        .build());
        await().atMost(LONG).until(() -> !Files.exists(own));
        assertThat("one that is about to get its process stays", Files.isDirectory(fresh));
        build.doKill();
    }

    @Test
    void aPortThatIsTakenIsSaidWithWhatToSet() throws Exception {
        webSocketAgent();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            direct(String.valueOf(taken.getLocalPort()));
            WorkflowRun build = start();
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
            jenkins.assertLogContains("no endpoint could be opened on agent", build);
            jenkins.assertLogContains(String.valueOf(taken.getLocalPort()), build);
        }
    }

    private void assertInAndOut(Slave agent) throws Exception {
        WorkflowRun build = start();
        Endpoint endpoint = held(build);
        assertThat(alice.run(endpoint, "echo in; remote-access fail").output().startsWith("in"), is(true));
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
        await().atMost(LONG).until(() -> !Files.exists(Path.of(agent.getRemoteFS(), "remote-access", endpoint.id())));
    }

    private Slave webSocketAgent() throws Exception {
        return agents.createAgent(
                jenkins,
                InboundAgentExtension.Options.newBuilder()
                        .name("agent")
                        .webSocket()
                        .build());
    }

    private WorkflowRun start() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("node('agent') { debugHold(minutes: 20) { sh 'exit 7' } }", true));
        return job.scheduleBuild2(0, new CauseAction(alice.cause())).waitForStart();
    }

    private static Endpoint held(WorkflowRun build) {
        await().atMost(LONG)
                .until(() -> Endpoints.get().of(build).stream()
                        .anyMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING));
        return Endpoints.get().of(build).get(0);
    }

    private static void direct(String ports) {
        DirectRoute direct = new DirectRoute();
        direct.setBindAddress("127.0.0.1");
        direct.setPorts(ports);
        direct.setAdvertisedHost("127.0.0.1");
        RemoteAccessConfiguration.get().setDirectRoute(direct);
    }

    private static Stream<ProcessHandle> processes(String id) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("serve")
                        && process.info().commandLine().orElse("").contains(id));
    }

    private static List<Path> programs(Slave agent) throws Exception {
        try (Stream<Path> all = Files.list(Path.of(agent.getRemoteFS(), "remote-access"))) {
            return all.filter(path -> path.getFileName().toString().startsWith("endpoint-"))
                    .toList();
        }
    }
}
