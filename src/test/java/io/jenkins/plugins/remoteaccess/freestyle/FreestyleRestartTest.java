package io.jenkins.plugins.remoteaccess.freestyle;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import hudson.model.Cause;
import hudson.model.FreeStyleProject;
import hudson.model.User;
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jenkinsci.main.modules.cli.auth.ssh.UserPropertyImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller that goes away while a Freestyle build is held: the build ends as always, and so does its endpoint. */
class FreestyleRestartTest {
    private static final Duration LONG = Duration.ofSeconds(120);

    @RegisterExtension
    final RealJenkinsExtension controller = new RealJenkinsExtension().withTimeout(400);

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path directory;

    private Person alice;

    @BeforeEach
    void aControllerAndAnAgent() throws Throwable {
        alice = new Person("alice", directory);
        controller.startJenkins();
        agents.createAgent(
                controller,
                InboundAgentExtension.Options.newBuilder()
                        .name("agent")
                        .webSocket()
                        .build());
        RealJenkinsExtension.StepWithOneArg<String> prepare = FreestyleRestartTest::prepare;
        controller.runRemotely(prepare, alice.publicKey());
    }

    @Test
    void aGracefulRestartLeavesNoEndpoint() throws Throwable {
        Person.Target held = controller.runRemotely(FreestyleRestartTest::startAndHold);
        Process inside = alice.connect(held, "sleep 1000");
        try {
            controller.runRemotely(FreestyleRestartTest::awaitSomebody);
            controller.stopJenkins();
            controller.startJenkins();
            nothingIsLeft(held, inside);
        } finally {
            inside.destroyForcibly();
        }
    }

    @Test
    void aKilledControllerLeavesNoEndpoint() throws Throwable {
        Person.Target held = controller.runRemotely(FreestyleRestartTest::startAndHold);
        Process inside = alice.connect(held, "sleep 1000");
        try {
            controller.runRemotely(FreestyleRestartTest::awaitSomebody);
            controller.stopJenkinsForcibly();
            assertThat("still connected without a controller", inside.isAlive());
            controller.startJenkins();
            nothingIsLeft(held, inside);
        } finally {
            inside.destroyForcibly();
        }
    }

    private void nothingIsLeft(Person.Target held, Process inside) throws Throwable {
        await().atMost(LONG).until(() -> !inside.isAlive());
        await().atMost(LONG)
                .until(() -> ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .noneMatch(line -> line.contains("serve") && line.contains(held.id())));
        controller.runRemotely(jenkins -> {
            assertThat(Endpoints.get().all().size(), is(0));
            try (var files = Files.list(jenkins.jenkins.getRootDir().toPath().resolve("remote-access-open"))) {
                assertThat(files.count(), is(0L));
            }
            assertThat(
                    jenkins.jenkins
                            .getItemByFullName("job", FreeStyleProject.class)
                            .getBuildByNumber(1)
                            .isBuilding(),
                    is(false));
        });
    }

    private static void prepare(JenkinsRule jenkins, String key) throws Exception {
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null);
        realm.createAccount("alice", "a password of alice");
        jenkins.jenkins.setSecurityRealm(realm);
        jenkins.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        jenkins.jenkins.save();
        User.getById("alice", true).addProperty(new UserPropertyImpl(key));
        DirectRoute direct = new DirectRoute();
        direct.setBindAddress("127.0.0.1");
        direct.setAdvertisedHost("127.0.0.1");
        RemoteAccessConfiguration.get().setDirectRoute(direct);
    }

    private static Person.Target startAndHold(JenkinsRule jenkins) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject("job");
        project.setAssignedLabel(jenkins.jenkins.getLabel("agent"));
        project.getBuildersList().add(new Shell("exit 7"));
        project.scheduleBuild2(0, new Cause.UserIdCause("alice"), new RemoteAccessMark(HoldPlan.standard()))
                .waitForStart();
        await().atMost(LONG)
                .until(() -> Endpoints.get().all().stream()
                        .anyMatch(endpoint -> endpoint.reason().isPresent()
                                && endpoint.direct().isPresent()
                                && endpoint.trouble().isEmpty()));
        return Person.Target.of(Endpoints.get().all().get(0));
    }

    /** Waits until somebody is inside and the build knows: Jenkins writes a Freestyle build for the first time when it has to, or ends. */
    private static void awaitSomebody(JenkinsRule jenkins) {
        Endpoint endpoint = Endpoints.get().all().get(0);
        Path written = endpoint.run().getRootDir().toPath().resolve("build.xml");
        await().atMost(LONG).until(() -> !endpoint.connections().isEmpty() && Files.exists(written));
    }
}
