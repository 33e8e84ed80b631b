package io.jenkins.plugins.remoteaccess.admin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import hudson.security.AuthorizationStrategy;
import io.jenkins.plugins.remoteaccess.Browser;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.FlagExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What an agent's page says of the hold that keeps it busy, in Chromium. */
@WithJenkins
class AgentHoldsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String DARK =
            ":root { color-scheme: dark; --background: #12141c; --text-color: #fff; --text-color-secondary: #a9b0c3;"
                    + " --link-color: #8fb4ff; --card-background: #181b25; --pane-header-text-color: #fff; }";

    @RegisterExtension
    static final FlagExtension<String> ENFORCED =
            FlagExtension.systemProperty("jenkins.security.csp.CspHeader.headerName", "Content-Security-Policy");

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Browser browser;
    private static Person granted;
    private Page page;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        browser = Browser.open();
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        granted = new Person("granted", directory).withKeyInAccount();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nothingWasAmiss() {
        if (page != null) {
            page.context().close();
        }
        browser.nothingAmiss();
    }

    @Test
    void whoMayConnectSeesTheBuildAndWhoIsThere() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        Process inside = granted.connect(held.endpoint(), "sleep 1000");
        try {
            await().atMost(LONG).until(() -> !held.endpoint().connections().isEmpty());
            Locator widget = open("connector");
            assertThat(widget).containsText("Since");
            assertThat(widget).containsText("Until");
            assertThat(widget).containsText("Connected: granted");
            assertEquals(List.of(), Browser.inaccessible(page, "#remote-access-holds"));
            screenshot("agent.png");
            page.addStyleTag(new Page.AddStyleTagOptions().setContent(DARK));
            assertEquals(List.of(), Browser.inaccessible(page, "#remote-access-holds"));
            screenshot("agent-dark.png");
            widget.getByText(held.run().getFullDisplayName()).click();
            page.waitForURL("**/" + held.run().getUrl() + "remote-access/");
        } finally {
            inside.destroyForcibly();
        }
    }

    @Test
    void whoMayReadTheBuildSeesNobody() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        Locator widget = open("reader");
        assertThat(widget.locator("a[href$='/" + held.run().getUrl() + "']"))
                .hasText(held.run().getFullDisplayName());
        assertThat(widget).not().containsText("onnected");
    }

    @Test
    void whoMayNotReadTheBuildSeesThatThereIsOne() throws Exception {
        AuthorizationStrategy before = jenkins.jenkins.getAuthorizationStrategy();
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        // Connect alone is not enough
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(RemoteAccessPermissions.CONNECT)
                .everywhere()
                .to("stranger"));
        try {
            Locator widget = open("stranger");
            assertThat(widget).containsText("A build that you may not see");
            assertThat(widget).not().containsText(held.run().getParent().getName());
            assertThat(widget).not().containsText("onnected");
            assertThat(widget.locator(".remote-access-hold a")).hasCount(0);
        } finally {
            jenkins.jenkins.setAuthorizationStrategy(before);
        }
    }

    @Test
    void nothingIsThereWhenNothingIsHeld() throws Exception {
        HeldBuild.start(jenkins, "granted").end(jenkins);
        page = browser.window(jenkins, "reader");
        page.navigate("computer/agent/");
        assertThat(page.locator("#executors")).isVisible();
        assertThat(page.locator("#remote-access-holds")).hasCount(0);
    }

    private Locator open(String person) throws Exception {
        page = browser.window(jenkins, person);
        page.navigate("computer/agent/");
        Locator widget = page.locator("#remote-access-holds");
        assertThat(widget).isVisible();
        return widget;
    }

    private void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", name)));
    }
}
