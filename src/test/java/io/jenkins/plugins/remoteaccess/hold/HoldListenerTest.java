package io.jenkins.plugins.remoteaccess.hold;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class HoldListenerTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final List<String> TOLD = new CopyOnWriteArrayList<>();
    private static volatile CountDownLatch slow = new CountDownLatch(0);

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

    @BeforeEach
    void nothingIsTold() {
        TOLD.clear();
    }

    @AfterEach
    void presentTime() {
        slow.countDown();
        Endpoints.get().clock = Clock.systemUTC();
    }

    @Test
    void aHoldIsToldFromItsBeginningToItsEnd() throws Exception {
        HeldBuild held = HeldBuild.start(
                jenkins, "granted", "node('agent') { debugHold(minutes: 60, waitMinutes: 0) { sh 'exit 7' } }");
        await().atMost(LONG).until(() -> TOLD.size() == 1);
        granted.run(held.endpoint(), "true");
        granted.run(held.endpoint(), "true");
        await().atMost(LONG).until(() -> TOLD.size() == 2);
        Endpoints.get().clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(51));
        await().atMost(LONG).until(() -> TOLD.size() == 3);
        held.endpoint().release(Outcome.CONTINUE, User.getById("granted", true));
        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(held.run()));
        await().atMost(LONG).until(() -> TOLD.size() == 4);
        assertEquals(
                List.of(
                        "held, granted started it: sh failed: script returned exit code 7",
                        "granted connected; so far: [granted]",
                        "ends soon",
                        "continue by granted after less than 60 s; connected: [granted]"),
                TOLD);
    }

    @Test
    void refusedKeysAreCounted() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        new Person("unknown", directory).run(held.endpoint(), "true");
        await().atMost(LONG).until(() -> TOLD.contains("refused"));
        held.end(jenkins);
    }

    @Test
    void aSlowListenerKeepsNobodyFromGettingInAndOut() throws Exception {
        slow = new CountDownLatch(1);
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        assertThat(granted.run(held.endpoint(), "echo in").output(), is("in"));
        await().atMost(LONG)
                .until(() ->
                        held.endpoint().standing().clocks(HoldTimes::people).equals(Optional.of(List.of("granted"))));
        held.end(jenkins);
        assertThat("nobody has been told yet", TOLD, is(List.of()));
        slow.countDown();
        await().atMost(LONG).until(() -> TOLD.size() == 3);
    }

    @TestExtension
    public static final class Failing implements HoldListener {
        @Override
        public void onHeld(HoldNews hold) {
            throw new IllegalStateException("a listener that fails, in a test");
        }
    }

    @TestExtension
    public static final class Listening implements HoldListener {
        @Override
        public void onHeld(HoldNews hold) {
            assertEquals(ACL.SYSTEM2, Jenkins.getAuthentication2());
            assertFalse(Thread.holdsLock(hold.endpoint().standing()));
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            TOLD.add("held, " + hold.endpoint().record().requester().orElseThrow() + " started it: " + hold.reason());
        }

        @Override
        public void onConnected(HoldNews hold, String user) {
            TOLD.add(user + " connected; so far: " + hold.people());
        }

        @Override
        public void onEndingSoon(HoldNews hold) {
            TOLD.add("ends soon");
        }

        @Override
        public void onEnded(HoldNews hold, Ending ending, Duration lasted) {
            TOLD.add(ending.outcome() + " by " + ending.by().orElse("nobody") + " after "
                    + (lasted.toSeconds() < 60 ? "less than 60 s" : lasted) + "; connected: " + hold.people());
        }

        @Override
        public void onRefused(Endpoint endpoint, int attempts) {
            TOLD.add("refused");
        }
    }
}
