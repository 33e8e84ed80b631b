package io.jenkins.plugins.remoteaccess.hold;

import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Holds that nobody ends: the clock they are compared with is put forward. */
@WithJenkins
class ReleasedByTimeTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SOME_LOOKS = Duration.ofSeconds(2);

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

    @AfterEach
    void presentTime() {
        later(0);
    }

    @Test
    void nobodyConnectedWithinWaitMinutes() throws Exception {
        HeldBuild held = start("minutes: 60, waitMinutes: 10");
        jenkins.waitForMessage("released at", held.run());
        later(9);
        staysHeld(held);
        later(10);
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(held.run()));
        jenkins.assertLogContains("released: fail (nobody connected within 10 minutes)", held.run());
    }

    @Test
    void whoHasConnectedInTimeKeepsItTillTheDeadline() throws Exception {
        HeldBuild held = start("minutes: 60, waitMinutes: 10");
        granted.run(held.endpoint(), "true");
        await().atMost(LONG).until(() -> held.endpoint().connectBy().isEmpty());
        later(59);
        staysHeld(held);
        later(60);
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(held.run()));
        jenkins.assertLogContains("released: fail (its time is up)", held.run());
    }

    @Test
    void everybodyHasLeftForIdleMinutes() throws Exception {
        HeldBuild held = start("minutes: 60, waitMinutes: 10, idleMinutes: 5");
        Process inside = granted.connect(held.endpoint(), "sleep 1000");
        try {
            await().atMost(LONG).until(() -> !held.endpoint().connections().isEmpty());
            later(30);
            staysHeld(held);
        } finally {
            inside.destroyForcibly();
        }
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(held.run()));
        jenkins.assertLogContains("released: fail (nobody has been connected for 5 minutes)", held.run());
    }

    private static HeldBuild start(String parameters) throws Exception {
        return HeldBuild.start(jenkins, "granted", "node('agent') { debugHold(" + parameters + ") { sh 'exit 7' } }");
    }

    private static void later(int minutes) {
        Endpoints.get().clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes));
    }

    private static void staysHeld(HeldBuild held) {
        await().during(SOME_LOOKS).atMost(LONG).until(() -> held.endpoint().state() == Endpoint.State.HOLDING);
    }
}
