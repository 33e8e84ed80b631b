package io.jenkins.plugins.remoteaccess.terminal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.policy.RecordingPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.recording.Recording;
import io.jenkins.plugins.remoteaccess.recording.RecordingFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The page in a real Chromium, into a real agent. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@WithJenkins
class TerminalPageTest {
    private static final Duration LONG = HeldPage.LONG;

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    private JenkinsRule jenkins;
    private HeldBuild held;
    private HeldPage shown;
    private Page page;

    @BeforeEach
    void aHeldBuildAndItsPage(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, agents);
        held = HeldBuild.start(
                jenkins,
                "granted",
                "node('agent') { debugHold(minutes: 30, waitMinutes: 0) { sh 'test -e mended || { echo broken; exit 7; }' } }");
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
    void aBuildIsMendedInATerminalAndRetriedBesideIt() throws Exception {
        press("Open a terminal here");
        type("stty size; echo $((6*7))-$USER_IS_NOBODY-äöü€");
        see("42--äöü€");
        screenshot("terminal");
        assertThat(held.endpoint().connections().get(0).user(), is("granted"));
        assertThat(held.endpoint().connections().get(0).software(), containsString("browser"));
        type("touch mended");
        Awaitility.await().atMost(LONG).until(() -> rows().contains("touch mended"));
        press("Retry");
        page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.BUTTON).first().click();
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(held.run()));
        assertThat(
                "no violation of the content security policy, no error: " + shown.problems(),
                shown.problems().isEmpty());
    }

    @Test
    void whatABrowserTerminalShowsIsRecordedAndSaidBeforehand() throws Exception {
        RecordingPolicy policy = new RecordingPolicy();
        policy.setWho("everybody");
        RemoteAccessConfiguration.get().setRecording(policy);
        page.reload();
        assertThat(page.getByText("is recorded and kept with the build. What you type is not"))
                .isVisible();
        // The grants are told anew
        held.endpoint().grant(User.getById("granted", true)).get();
        press("Open a terminal here");
        see("what is shown here is recorded");
        type("echo $((6*7))-$USER_IS_NOBODY-here");
        see("42--here");
        Awaitility.await().atMost(LONG).until(this::recorded, containsString("42--here"));
        RecordingFolder folder = RecordingFolder.of(held.run());
        assertThat(folder.list().get(0).kind(), is("browser terminal"));
        assertThat(folder.list().get(0).user(), is("granted"));
    }

    private String recorded() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RecordingFolder folder = RecordingFolder.of(held.run());
        for (Recording recording : folder.list()) {
            folder.cast(recording).copy(out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aShellIsFoundAgainAfterANetworkBreak() throws Exception {
        press("Open a terminal here");
        type("mine=kept; echo re''ady");
        see("ready");
        page.context().setOffline(true);
        page.evaluate("() => 0");
        Terminals.get().cut();
        assertThat(page.locator("[data-part=state]"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(30_000));
        page.context().setOffline(false);
        assertThat(page.locator("[data-part=state]"))
                .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(30_000));
        type("echo $mine-again");
        see("kept-again");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> held.endpoint().connections().size(), is(1));
    }

    @Test
    void muchOutputArrivesWholeAndSeveralTerminalsStandSideBySide() throws Exception {
        press("Open a terminal here");
        type("seq 1 200000 | tail -3; seq 1 100000; echo last-line");
        see("last-line");
        page.locator("[data-terminal=new]").click();
        type("echo sec''ond");
        see("second");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> held.endpoint().connections().size(), is(2));
        page.locator("[data-terminal=close]").click();
        Awaitility.await()
                .atMost(LONG)
                .until(() -> held.endpoint().connections().size(), is(1));
        see("last-line");
    }

    private void press(String name) {
        shown.press(name);
    }

    private void type(String line) {
        Locator terminal = page.locator(".remote-access-terminal__screen:visible .xterm-helper-textarea");
        terminal.focus();
        await(() -> !rows().isBlank());
        page.keyboard().type(line);
        page.keyboard().press("Enter");
    }

    private String rows() {
        return page.locator(".remote-access-terminal__screen:visible .xterm-rows")
                .innerText();
    }

    private void see(String text) {
        await(() -> rows().contains(text));
    }

    private void await(BooleanSupplier condition) {
        shown.await(condition, this::rows);
    }

    private void screenshot(String name) {
        shown.screenshot(name);
    }
}
