package io.jenkins.plugins.remoteaccess.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.Browser;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import jenkins.model.experimentalflags.UserExperimentalFlagsProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.FlagExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The Remote Access page as a person has it before them, under Jenkins' enforced Content Security Policy. */
@WithJenkins
class PageInBrowserTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String CARD = ".remote-access-endpoint";

    /** Some of what a dark theme sets: what the page takes from core's variables must follow. */
    private static final String DARK =
            ":root { color-scheme: dark; --background: #12141c; --white: #fff; --black: #000;"
                    + " --text-color: #fff; --text-color-secondary: #a9b0c3; --card-background: #181b25;"
                    + " --input-color: #181b25; --input-border: #555b6e; --pre-background: #1d212d; --pre-color: #fff;"
                    + " --link-color: #8fb4ff; --button-background: #262b3a; --table-background: #181b25;"
                    + " --alert-info-bg-color: #10243f; --alert-info-text-color: #cfe3ff; --alert-info-border-color: #24466f;"
                    + " --alert-warning-bg-color: #3a2c08; --alert-warning-text-color: #ffe6a8; }";

    @RegisterExtension
    static final FlagExtension<String> ENFORCED =
            FlagExtension.systemProperty("jenkins.security.csp.CspHeader.headerName", "Content-Security-Policy");

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    private static JenkinsRule jenkins;
    private static Browser browser;

    @TempDir
    Path directory;

    private HeldBuild held;
    private Page page;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        browser = Browser.open();
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nothingWasAmiss() throws Exception {
        newBuildPage(false);
        if (page != null) {
            page.context().close();
        }
        browser.nothingAmiss();
    }

    @Test
    void whoHasNoKeyGetsOneAndTheCommandForIt() throws Exception {
        open("granted", "connector");
        button("Let me in").click();
        assertThat(card().getByText("Your Jenkins account has no public key")).isVisible();
        Download download = page.waitForDownload(() -> button("Get a key").click());
        Path key = directory.resolve(download.suggestedFilename());
        download.saveAs(key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(field("sshWithKey")).containsText("IdentitiesOnly");
        String command = field("sshWithKey").textContent();
        Shell.Said said =
                Shell.run(directory, Map.of(), "/bin/sh", "-c", command + " -o BatchMode=yes 'echo inside; exit 5'");
        assertEquals(new Shell.Said(5, "inside"), said);
    }

    @Test
    void commandIsCopiedWithOneClick() throws Exception {
        open("granted", "granted");
        String command = field("ssh").textContent();
        assertTrue(command.startsWith("ssh "), command);
        card().locator("[data-copy=ssh] button").click();
        await().atMost(LONG)
                .untilAsserted(() -> assertEquals(
                        command, page.evaluate("navigator.clipboard.readText()").toString()));
    }

    @Test
    void whoConnectsIsSeenAtOnceAndIsCut() throws Exception {
        Person granted = new Person("granted", directory).withKeyInAccount();
        open("granted", "granted");
        assertThat(card().getByText("Nobody.")).isVisible();
        Process inside = granted.connect(held.endpoint(), "sleep 1000");
        try {
            Locator row = card().locator("tbody tr");
            assertThat(row).hasCount(1);
            assertThat(row).containsText("granted");
            assertThat(page.getByRole(AriaRole.STATUS)).containsText("granted has connected");
            row.getByRole(AriaRole.BUTTON).click();
            dialog("Cut the connection of granted?").click();
            assertThat(row).hasCount(0);
            assertThat(page.getByRole(AriaRole.STATUS)).containsText("granted has disconnected");
            assertTrue(inside.waitFor(LONG.toSeconds(), TimeUnit.SECONDS), "ssh has ended");
        } finally {
            inside.destroyForcibly();
        }
        stillTheSamePage();
    }

    @Test
    void countdownRunsAndIsExtended() throws Exception {
        open("granted", "granted");
        assertThat(field("left")).hasText(Pattern.compile("(29:\\d\\d|30:00) left"));
        String first = field("left").textContent();
        assertThat(field("left")).not().hasText(first);
        Instant before = deadline();
        button("Extend by 15 minutes").click();
        assertThat(field("left")).hasText(Pattern.compile("4[45]:\\d\\d left"));
        assertEquals(before.plus(Duration.ofMinutes(15)), deadline());
        Locator minutes = card().getByLabel("Minutes to extend by");
        minutes.fill("7");
        minutes.press("Enter");
        assertThat(field("left")).hasText(Pattern.compile("5[12]:\\d\\d left"));
        assertEquals(before.plus(Duration.ofMinutes(22)), deadline());
        stillTheSamePage();
    }

    @Test
    void retryIsAskedAboutFirst() throws Exception {
        open("granted", "granted");
        button("Retry").click();
        page.getByRole(AriaRole.DIALOG).getByText("Cancel").click();
        assertFalse(JenkinsRule.getLog(held.run()).contains("released"), "nothing is done yet");
        button("Retry").click();
        dialog("Run it again?").click();
        jenkins.waitForMessage("released: retry (granted chose retry)", held.run());
        held.awaitHold();
        assertThat(field("state")).hasText("waiting for you");
        stillTheSamePage();
    }

    @Test
    void pageSaysSoWhenTheHoldHasEnded() throws Exception {
        open("granted", "granted");
        held.endpoint().release(Outcome.FAIL, User.getById("admin", true));
        assertThat(page.getByText("Nothing is open at this build")).isVisible();
        assertThat(card()).hasCount(0);
        stillTheSamePage();
    }

    @Test
    void keyboardIsEnough() throws Exception {
        open("granted", "granted");
        Locator first = card().getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setName("Linux, macOS"));
        tabTo(first);
        page.keyboard().press("ArrowRight");
        assertThat(card().getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setName("Windows")))
                .isFocused();
        assertThat(field("powershell")).isVisible();
        assertThat(field("ssh")).isHidden();
        page.keyboard().press("End");
        assertThat(field("sshConfig")).isVisible();
        page.keyboard().press("Home");
        assertThat(first).isFocused();
        page.evaluate("document.activeElement.blur()");
        tabTo(button("Continue as unstable"));
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Continue with the build?");
        page.keyboard().press("Enter");
        jenkins.waitForMessage("released: continue", held.run());
    }

    @ParameterizedTest(name = "new build page {0}, dark {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void everybodyCanReadIt(boolean newBuildPage, boolean dark) throws Exception {
        newBuildPage(newBuildPage);
        Person granted = new Person("granted", directory).withKeyInAccount();
        open("granted", "granted");
        if (dark) {
            page.addStyleTag(new Page.AddStyleTagOptions().setContent(DARK));
        }
        assertEquals(
                newBuildPage,
                page.locator(".app-build-tabs, .jenkins-build-tabs, .tabBar [href$='remote-access']")
                                .count()
                        > 0);
        Process inside = granted.connect(held.endpoint(), "sleep 1000");
        try {
            assertThat(card().locator("tbody tr")).hasCount(1);
            card().locator("details:visible")
                    .all()
                    .forEach(details -> details.locator("summary").click());
            // All panels at once: axe takes its time
            page.evaluate("document.querySelectorAll('[data-panel]').forEach(panel => panel.hidden = false)");
            assertEquals(List.of(), Browser.inaccessible(page, "#remote-access"));
        } finally {
            inside.destroyForcibly();
        }
        assertThat(card().locator("tbody tr")).hasCount(0);
        page.navigate(held.run().getUrl());
        assertThat(page.getByText("This build can be entered with Remote Access"))
                .isVisible();
    }

    /** Lets {@code requester} start a build that is held, and {@code viewer} look at it. */
    private void open(String requester, String viewer) throws Exception {
        held = HeldBuild.start(jenkins, requester);
        page = browser.window(jenkins, viewer);
        var response = page.navigate(held.run().getUrl() + "remote-access/");
        assertTrue(response.headers().containsKey("content-security-policy"), "the policy is enforced");
        assertThat(card()).hasCount(1);
        assertThat(field("state")).hasText("waiting for you");
        page.evaluate("window.neverLoadedAnew = true");
    }

    /** What {@code granted} has chosen in their own settings. */
    private static void newBuildPage(boolean chosen) throws IOException {
        User.getById("granted", true)
                .addProperty(new UserExperimentalFlagsProperty(Map.of("new-build-page.flag", String.valueOf(chosen))));
    }

    private void stillTheSamePage() {
        assertEquals(true, page.evaluate("window.neverLoadedAnew"));
    }

    private Locator card() {
        return page.locator(CARD);
    }

    private Locator field(String name) {
        return card().locator("[data-field=" + name + "]").first();
    }

    private Locator button(String name) {
        return card().getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    /** The button that says yes to {@code question}. */
    private Locator dialog(String question) {
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText(question);
        return dialog.locator("[data-id=ok]");
    }

    /** Presses the tab key until {@code target} has the focus. */
    private void tabTo(Locator target) {
        for (int presses = 0; presses < 100; presses++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(target.evaluate("element => element === document.activeElement"))) {
                return;
            }
        }
        throw new AssertionError("the tab key does not lead to " + target);
    }

    private Instant deadline() {
        return held.endpoint().deadline().orElseThrow();
    }
}
