package io.jenkins.plugins.remoteaccess.terminal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.endpoint.screen.Vnc;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.Restrictions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The agent's screen in a real Chromium and for a client of one's own, with a real X server. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@WithJenkins
class ScreenPageTest {
    private static final Duration LONG = HeldPage.LONG;

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    private JenkinsRule jenkins;
    private HeldBuild held;
    private HeldPage shown;
    private Page page;
    private Person granted;

    @TempDir
    Path directory;

    @BeforeEach
    void aHeldBuildAndItsPage(JenkinsRule rule) throws Exception {
        for (String program : List.of("x11vnc", "Xvfb", "xsetroot")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), program + " is not installed");
        }
        jenkins = rule;
        HeldBuild.prepare(jenkins, agents);
        held = HeldBuild.start(
                jenkins, "granted", "node('agent') { debugHold(minutes: 30, waitMinutes: 0) { sh 'exit 7' } }");
        granted = new Person("granted", directory).withKeyInAccount();
        shown = new HeldPage(jenkins, held);
        page = shown.page();
    }

    @AfterEach
    void close() throws Exception {
        if (shown != null) {
            shown.close();
        }
        if (held != null) {
            held.end(jenkins);
        }
    }

    @Test
    void whatIsDrawnOnTheAgentsScreenIsSeen() throws Exception {
        press("Open the screen here");
        page.waitForSelector(".remote-access-screen__place canvas");
        assertThat(page.locator("[data-part=screenState]"))
                .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(LONG.toMillis()));
        granted.run(held.endpoint(), "xsetroot -solid '#00ff00'");
        await(() -> corner().equals("0,255,0"));
        screenshot("screen");
        await(() -> held.endpoint().connections().stream()
                .anyMatch(connection -> connection.kind().equals("screen")));
        assertThat(page.locator("[data-list=connections]")).containsText("browser screen");
        assertThat(page.locator("[data-screen-action=full]")).isVisible();
        assertThat(
                "no violation of the content security policy, no error: " + shown.problems(),
                shown.problems().isEmpty());
    }

    @Test
    void aViewerOfOnesOwnGetsInWithWhatThePageShows() throws Exception {
        press("Open the screen here");
        Locator password = page.locator("[data-field=screenPassword]");
        await(() -> !password.textContent().isEmpty());
        int port = held.endpoint().screen().state().orElseThrow().port();
        int local = freePort();
        Process forward = granted.connect(held.endpoint(), "-N", "-L", local + ":localhost:" + port);
        try {
            Awaitility.await().atMost(LONG).ignoreExceptions().until(() -> logsIn(local, password.textContent()));
            assertThat(logsIn(local, "wrong123"), is(false));
            assertThat(page.locator("[data-field=screenUrl]").textContent(), is("vnc://localhost:" + port));
            assertThat(JenkinsRule.getLog(held.run()), not(containsString(password.textContent())));
        } finally {
            forward.destroy();
        }
    }

    @Test
    void aForbiddenScreenIsNeitherOfferedNorShown() {
        Restrictions restrictions = new Restrictions();
        restrictions.setScreenForbidden(true);
        RemoteAccessConfiguration.get().setRestrictions(restrictions);
        page.reload();
        assertThat(page.locator("button[data-action=terminal]")).isVisible();
        assertThat(page.locator("button[data-action=screen]")).isHidden();
        assertThrows(Refusal.class, () -> held.endpoint().screen().show());
    }

    /** Neither after a browser has looked and left nor for a request that never becomes a WebSocket. */
    @Test
    void nothingIsKeptOfWhoLooksNoMore() {
        press("Open the screen here");
        await(() -> Screens.get().size() == 1);
        page.locator("[data-screen-action=close]").click();
        await(() -> Screens.get().size() == 0);
        Object status =
                page.evaluate("async () => { const base = document.getElementById('remote-access').dataset.base;"
                        + " const id = '" + held.endpoint().id() + "';"
                        + " const answer = await fetch(base + 'ticket', { method: 'POST', headers: crumb.wrap({}),"
                        + " body: new URLSearchParams({ id }) });"
                        + " const { ticket } = await answer.json();"
                        + " return (await fetch(base + 'screen?' + new URLSearchParams({ id, ticket }))).status; }");
        assertThat(status.toString(), Integer.parseInt(status.toString()) >= 400, is(true));
        assertThat(Screens.get().size(), is(0));
    }

    private void press(String name) {
        shown.press(name);
    }

    private void await(BooleanSupplier condition) {
        shown.await(condition, () -> page.locator("[data-part=screenState]").textContent());
    }

    private String corner() {
        return page.evaluate("() => { const canvas = document.querySelector('.remote-access-screen__place canvas');"
                        + " return canvas.getContext('2d').getImageData(5, 5, 1, 1).data.slice(0, 3).join(); }")
                .toString();
    }

    private static boolean logsIn(int port, String password) throws Exception {
        try (Vnc client = new Vnc(port)) {
            return client.logsIn(password);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void screenshot(String name) {
        shown.screenshot(name);
    }
}
