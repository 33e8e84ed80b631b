package io.jenkins.plugins.remoteaccess.freestyle;

import static org.awaitility.Awaitility.await;

import hudson.model.AbstractBuild;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Run;
import hudson.model.Slave;
import hudson.tasks.Builder;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;

/** A Jenkins with one real agent, somebody who may do everything, and marked Freestyle builds. */
final class Freestyle {
    static final Duration LONG = Duration.ofSeconds(60);

    private final JenkinsRule jenkins;
    private final Person admin;

    Freestyle(JenkinsRule jenkins, InboundAgentExtension agents, Path home) throws Exception {
        this.jenkins = jenkins;
        HeldBuild.prepare(jenkins, agents);
        admin = new Person("admin", home).withKeyInAccount();
    }

    /** Starts the builds, and may connect. */
    Person admin() {
        return admin;
    }

    /** A project of these builders, for the agent. */
    FreeStyleProject project(Builder... builders) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.setAssignedLabel(jenkins.jenkins.getLabel("agent"));
        project.getBuildersList().addAll(List.of(builders));
        return project;
    }

    /** A project of these scripts. */
    FreeStyleProject project(String... scripts) throws Exception {
        return project(List.of(scripts).stream().map(Shell::new).toArray(Builder[]::new));
    }

    static HoldPlan plan(HoldPlan.Where where, boolean openFromStart) {
        return new HoldPlan(where, "", 5, List.of(), openFromStart);
    }

    /** A marked build, held at its failure. */
    FreeStyleBuild start(FreeStyleProject project) throws Exception {
        return start(project, plan(HoldPlan.Where.FAILURE, false));
    }

    /** A marked build. */
    FreeStyleBuild start(FreeStyleProject project, HoldPlan plan) throws Exception {
        return project.scheduleBuild2(0, admin.cause(), new RemoteAccessMark(plan))
                .waitForStart();
    }

    /** The endpoint of {@code build}, when that is held. */
    static Endpoint held(Run<?, ?> build) throws Exception {
        try {
            await().atMost(LONG)
                    .until(() -> Endpoints.get().of(build).stream()
                            .anyMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not held: " + JenkinsRule.getLog(build), e);
        }
        return Endpoints.get().of(build).get(0);
    }

    /** How often {@code build} has been held. */
    static int holds(Run<?, ?> build) throws Exception {
        return JenkinsRule.getLog(build).split("\\[Remote Access] held:", -1).length - 1;
    }

    <B extends AbstractBuild<?, ?>> B finished(B build) throws Exception {
        return jenkins.waitForCompletion(build);
    }

    /** No process and no file of {@code endpoint} is left, on an agent that is this machine. */
    void nothingLeftOf(Endpoint endpoint) {
        Slave agent = (Slave) jenkins.jenkins.getNode("agent");
        Path own = Path.of(agent.getRemoteFS(), "remote-access", endpoint.id());
        await().atMost(LONG).until(() -> !Files.exists(own));
        await().atMost(LONG)
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(process ->
                                process.info().commandLine().orElse("").contains(own.toString())));
    }
}
