package io.jenkins.plugins.remoteaccess.step;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Where in a Declarative Pipeline {@code debugHold} can stand, and several of them in one build. */
@WithJenkins
class DeclarativeTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person granted;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        granted = new Person("granted", directory).withKeyInAccount();
    }

    @Test
    void postOfAStageHoldsInThatStagesAgentAndEnvironment() throws Exception {
        HeldBuild held = start("agent none; options { timeout(time: 1, unit: 'HOURS') }; stages {"
                + " stage('s') { agent { label 'agent' }; environment { COLOUR = 'blue' };"
                + " steps { dir('sub') { sh 'exit 3' } }; post { failure { debugHold(minutes: 5) } } } }");
        assertThat(held.endpoint().failedStep().orElseThrow().exitCode().orElseThrow(), is(3));
        assertThat(granted.run(held.endpoint(), "echo $COLOUR $STAGE_NAME").output(), is("blue s"));
        held.end(jenkins);
        jenkins.assertBuildStatus(Result.FAILURE, held.run());
    }

    @Test
    void postOfTheRootMayAskForUnsuccessfulBuilds() throws Exception {
        HeldBuild held = start("agent { label 'agent' }; stages { stage('s') { steps { unstable 'flaky' } } };"
                + " post { unsuccessful { debugHold(minutes: 5) } }");
        assertThat(held.endpoint().reason().orElseThrow(), containsString("asks for it"));
        held.end(jenkins);
        jenkins.assertBuildStatus(Result.UNSTABLE, held.run());
    }

    @Test
    void stepsHoldUnconditionallyWithThePlainForm() throws Exception {
        HeldBuild held = start("agent { label 'agent' }; stages { stage('s') { steps {"
                + " sh 'echo here > mark'; debugHold(minutes: 5); sh 'cat mended' } } }");
        assertThat(
                granted.run(held.endpoint(), "cat mark; cp mark mended; remote-access continue")
                        .output(),
                containsString("here"));
        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(held.run()));
    }

    @Test
    void scriptTakesBothFormsAndTheOutcome() throws Exception {
        HeldBuild held = start("agent { label 'agent' }; stages { stage('s') { steps { script {"
                + " debugHold(minutes: 5) { sh 'test -f mended' };"
                + " if (debugHold(minutes: 5) != 'retry') { error 'not asked again' } } } } }");
        String first = held.endpoint().reason().orElseThrow();
        assertThat(first, containsString("sh failed"));
        assertThat(
                granted.run(held.endpoint(), "touch mended; remote-access retry")
                        .status(),
                is(0));
        await().atMost(LONG)
                .until(() -> Endpoints.get().of(held.run()).stream()
                        .anyMatch(endpoint -> endpoint.state() == Endpoint.State.HOLDING
                                && !endpoint.reason().orElse(first).equals(first)));
        assertThat(granted.run(held.endpoint(), "remote-access retry").status(), is(0));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(held.run()));
    }

    @Test
    void holdsOfOneNodeShareAnEndpointWhileSomebodyIsInside() throws Exception {
        HeldBuild held = HeldBuild.start(
                jenkins,
                "granted",
                "node('agent') { debugHold(minutes: 5) { sh 'exit 1' }; debugHold(minutes: 5) { sh 'exit 2' } }\n"
                        + "node('agent') { debugHold(minutes: 5) { sh 'exit 3' } }");
        Endpoint first = held.endpoint();
        Process inside = granted.connect(first, "sleep 1000");
        try {
            await().atMost(LONG).until(() -> !first.connections().isEmpty());
            first.release(Outcome.CONTINUE, granted.user());
            await().atMost(LONG).until(() -> first.reason().orElse("").endsWith("exit code 2"));
            assertThat("the connection stays", inside.isAlive());
            first.release(Outcome.CONTINUE, granted.user());
            await().atMost(LONG).until(() -> first.state() == Endpoint.State.CLOSED);
            await().atMost(LONG).until(() -> !inside.isAlive());
        } finally {
            inside.destroyForcibly();
        }
        held.awaitHold();
        Endpoint second = held.endpoint();
        assertThat(second.id(), not(is(first.id())));
        assertThat(second.reason().orElseThrow(), endsWith("exit code 3"));
        second.release(Outcome.CONTINUE, User.getById("admin", true));
        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(held.run()));
    }

    private static HeldBuild start(String declarative) throws Exception {
        return HeldBuild.start(jenkins, "granted", "pipeline { " + declarative.replace("; ", "\n") + " }");
    }
}
