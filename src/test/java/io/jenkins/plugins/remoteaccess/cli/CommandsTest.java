package io.jenkins.plugins.remoteaccess.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.cli.CLICommandInvoker;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class CommandsTest {
    private static final String UNKNOWN = "0000000000000000";

    /** Who may extend and end: a grant there, or Manage. */
    private static final Map<String, Boolean> CONTROLS = Map.of(
            "stranger", false,
            "anonymous", false,
            "reader", false,
            "builder", false,
            "connector", false,
            "granted", true,
            "manager", true,
            "admin", true);

    /** Who sees it in the list: Connect, or Manage. */
    private static final List<String> SEE = List.of("connector", "granted", "manager", "admin");

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    private static JenkinsRule jenkins;
    private HeldBuild held;
    private String id;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
    }

    @BeforeEach
    void aHeldBuild() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
        id = held.endpoint().id();
    }

    @AfterEach
    void end() throws Exception {
        held.end(jenkins);
    }

    @Test
    void listShowsWhatTheCallerMayEnterOrManage() {
        assertAll(CONTROLS.keySet().stream()
                .map(person -> () -> assertEquals(
                        SEE.contains(person),
                        run(person, "list-remote-access").stdout().contains(id),
                        person)));
    }

    @Test
    void listLineHasSixFields() {
        String[] fields = run("granted", "list-remote-access").stdout().strip().split("\t");
        assertThat(fields.length, is(6));
        assertThat(fields[0], is(id));
        assertThat(fields[1], is(held.run().getExternalizableId()));
        assertThat(fields[2], is("agent"));
        assertThat(fields[3], is("HOLDING"));
        assertThat(Instant.parse(fields[4]).isAfter(Instant.now()), is(true));
        assertThat(fields[5], is("-"));
    }

    @Test
    void whoIsBarredDoesNotSeeIt() {
        RemoteAccessConfiguration.get().setBarredGroups(List.of("connector"));
        assertThat(run("connector", "list-remote-access").stdout(), not(containsString(id)));
    }

    @Test
    void onlyWhoControlsExtendsAndReleases() {
        List<Executable> checks = new ArrayList<>();
        CONTROLS.forEach((person, may) -> {
            int expected = may ? 0 : 3;
            checks.add(
                    () -> assertEquals(expected, status(person, "extend-remote-access", "1"), "extend as " + person));
            checks.add(() ->
                    assertEquals(expected, status(person, "release-remote-access", "retry"), "release as " + person));
        });
        assertAll(checks);
    }

    @Test
    void idsCannotBeFoundOutByTrying() {
        for (List<String> command :
                List.of(List.of("extend-remote-access", "1"), List.of("release-remote-access", "fail"))) {
            var unknown = run("connector", command.get(0), UNKNOWN, command.get(1));
            var notTheirs = run("connector", command.get(0), id, command.get(1));
            assertThat(notTheirs.returnCode(), is(unknown.returnCode()));
            assertThat(notTheirs.stderr().replace(id, UNKNOWN), is(unknown.stderr()));
        }
    }

    @Test
    void badArgumentsAreSaidInOneSentence() {
        assertThat(
                run("granted", "extend-remote-access", id, "0").stderr(), containsString("must be at least 1, was 0"));
        assertThat(
                run("granted", "release-remote-access", id, "maybe").stderr(),
                containsString("must be fail, retry or continue"));
        assertThat(
                run("granted", "extend-remote-access", "@/etc/hostname", "1").stderr(),
                containsString("@/etc/hostname"));
    }

    private int status(String person, String command, String argument) {
        held.awaitHold();
        return run(person, command, id, argument).returnCode();
    }

    private CLICommandInvoker.Result run(String person, String command, String... arguments) {
        CLICommandInvoker invoker = new CLICommandInvoker(jenkins, command);
        if (!person.equals("anonymous")) {
            invoker.asUser(User.getById(person, true).getId());
        }
        return invoker.invokeWithArgs(arguments);
    }
}
