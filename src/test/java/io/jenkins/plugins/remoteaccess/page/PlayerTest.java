package io.jenkins.plugins.remoteaccess.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.jenkins.plugins.remoteaccess.Browser;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.policy.RecordingPolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.recording.Recording;
import io.jenkins.plugins.remoteaccess.recording.RecordingFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.FlagExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A recording as a person plays it, under Jenkins' enforced Content Security Policy. */
@WithJenkins
class PlayerTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String CARD = "#remote-access-recordings";
    private static final String DARK =
            ":root { color-scheme: dark; --background: #12141c; --white: #fff; --black: #000;"
                    + " --text-color: #fff; --text-color-secondary: #a9b0c3; --card-background: #181b25;"
                    + " --input-color: #181b25; --input-border: #555b6e; --link-color: #8fb4ff;"
                    + " --button-background: #262b3a; --table-background: #181b25; }";

    @RegisterExtension
    static final FlagExtension<String> ENFORCED =
            FlagExtension.systemProperty("jenkins.security.csp.CspHeader.headerName", "Content-Security-Policy");

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Browser browser;
    private static HeldBuild held;

    private Page page;

    @BeforeAll
    static void somebodyWasInside(JenkinsRule rule) throws Exception {
        browser = Browser.open();
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        RecordingPolicy policy = new RecordingPolicy();
        policy.setWho("everybody");
        RemoteAccessConfiguration.get().setRecording(policy);
        ONE.keep(jenkins);
        Person granted = new Person("granted", directory).withKeyInAccount();
        held = HeldBuild.start(jenkins, "granted");
        granted.run(
                held.endpoint(),
                "printf '\\033[1;32mfi''rst\\033[0m\\n'; sleep 3; echo mid\u00e9-hay''stack; sleep 30 & sleep 3;"
                        + " printf 'need\\033[31mle'; printf 'four\\033[0m\\n'; kill %1; echo la''st");
        await().atMost(LONG)
                .until(() -> RecordingFolder.of(held.run()).list().stream().anyMatch(Recording::whole));
        held.end(jenkins);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void aWindow() throws Exception {
        page = browser.window(jenkins, "granted");
        page.navigate(held.run().getUrl() + "remote-access/");
    }

    @AfterEach
    void nothingWasAmiss() {
        page.context().close();
        browser.nothingAmiss();
    }

    private Locator part(String name) {
        return page.locator(CARD + " [data-part=" + name + "]");
    }

    private void play() {
        page.locator(CARD + " [data-recording=play]").first().click();
        assertThat(part("player")).isVisible();
    }

    private String rows() {
        return page.locator(CARD + " .xterm-rows").innerText();
    }

    private double position() {
        return Double.parseDouble(part("position").inputValue());
    }

    private void press(String name) {
        page.locator(CARD)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    private void sees(String text) {
        page.waitForCondition(() -> rows().contains(text));
    }

    @Test
    void whatWasShownIsShownAgainInItsTime() {
        assertThat(page.locator(CARD + " tbody tr")).hasCount(1);
        assertThat(page.locator(CARD + " tbody tr")).containsText("granted");
        assertThat(page.locator(CARD + " tbody tr")).containsText("exec");
        play();
        sees("first");
        assertThat(rows(), not(containsString("last")));
        sees("last");
        assertThat(rows(), containsString("midé-haystack"));
        assertThat(position(), greaterThan(5.0));
        assertThat(part("clock")).hasText("0:06 of 0:06");
    }

    @Test
    void itStopsWhereItIsStoppedAndRunsEightTimesAsFast() {
        play();
        sees("first");
        press("Pause");
        double at = position();
        page.waitForTimeout(1_500);
        assertEquals(at, position());
        assertThat(at, lessThan(3.0));
        part("skip").uncheck();
        part("speed").selectOption("8");
        long began = System.nanoTime();
        press("Play");
        sees("last");
        assertThat((System.nanoTime() - began) / 1e9, lessThan(3.5));
    }

    @Test
    void theSliderGoesForwardsAndBack() {
        play();
        press("Pause");
        seek("4");
        sees("haystack");
        assertThat(rows(), not(containsString("last")));
        seek("1");
        page.waitForCondition(() -> rows().contains("first") && !rows().contains("haystack"));
        seek("100");
        sees("last");
    }

    private void seek(String seconds) {
        part("position")
                .evaluate(
                        "(slider, to) => { slider.value = to; slider.dispatchEvent(new Event('input', { bubbles: true })) }",
                        seconds);
    }

    @Test
    void searchLeadsToTheTimeOfAMatchAlsoWhereColoursLieInIt() {
        play();
        search("NEEDLEFOUR");
        assertThat(part("found")).hasText("1 of 1");
        sees("needlefour");
        assertThat(position(), greaterThan(5.0));
        search("midé");
        page.waitForCondition(() -> rows().contains("midé") && !rows().contains("needle"));
        assertThat(position(), lessThan(4.5));
        search("st");
        assertThat(part("found")).hasText("1 of 3");
        part("search").press("Enter");
        assertThat(part("found")).hasText("2 of 3");
        part("search").press("Shift+Enter");
        assertThat(part("found")).hasText("1 of 3");
        search("nowhere at all");
        assertThat(part("found")).hasText("not found");
    }

    private void search(String text) {
        part("search").fill(text);
        part("search").press("Enter");
    }

    @Test
    void aRecordingIsSaved() throws Exception {
        Download download = page.waitForDownload(
                () -> page.locator(CARD + " [data-recording=save]").click());
        assertThat(download.suggestedFilename(), containsString(".cast"));
        Path saved = directory.resolve("saved.cast");
        download.saveAs(saved);
        assertThat(Files.readString(saved), containsString("\"version\":2"));
    }

    @Test
    void whoManagesPlaysItWithoutBeingAbleToConnect() throws Exception {
        page.context().close();
        page = browser.window(jenkins, "manager");
        page.navigate(held.run().getUrl() + "remote-access/recordings/");
        play();
        sees("first");
    }

    @Test
    void everybodyCanUseItAndItLooksRightInLightAndDark() {
        play();
        seek("100");
        sees("last");
        assertEquals(List.of(), inaccessible());
        screenshot("recording");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.addStyleTag(new Page.AddStyleTagOptions().setContent(DARK));
        play();
        seek("100");
        sees("last");
        assertEquals(List.of(), inaccessible());
        screenshot("recording-dark");
    }

    /** The colours of what was shown are the program's. */
    private List<String> inaccessible() {
        return Browser.inaccessible(page, CARD).stream()
                .filter(line -> !line.contains("xterm-fg-"))
                .toList();
    }

    private void screenshot(String name) {
        String folder = System.getProperty("screenshots");
        if (folder != null) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(folder, name + ".png"))
                    .setFullPage(true));
        }
    }
}
