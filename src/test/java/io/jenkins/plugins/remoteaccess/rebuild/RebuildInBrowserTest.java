package io.jenkins.plugins.remoteaccess.rebuild;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.plugins.remoteaccess.Browser;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
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

/** The button and what follows it as a person has them before them, under Jenkins' enforced Content Security Policy. */
@WithJenkins
class RebuildInBrowserTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final FlagExtension<String> ENFORCED =
            FlagExtension.systemProperty("jenkins.security.csp.CspHeader.headerName", "Content-Security-Policy");

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    private static JenkinsRule jenkins;
    private static Browser browser;

    @TempDir
    Path directory;

    private Page page;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        browser = Browser.open();
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ((MockAuthorizationStrategy) jenkins.jenkins.getAuthorizationStrategy())
                .grant(Item.CONFIGURE)
                .everywhere()
                .to("connector");
        ONE.keep(jenkins);
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
    void theButtonLeadsToAHeldBuildWhoseScriptIsEditedAndRunAgain() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(
                "node('agent') { stage('one') { sh 'test -f nowhere' }; stage('two') { echo 'went on' } }", true));
        WorkflowRun failed =
                jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0).get());
        page = browser.window(jenkins, "connector");
        page.navigate(failed.getUrl());
        link("Rebuild with Remote Access").click();
        assertThat(page.getByText("A new build starts and does what #1 did")).isVisible();
        assertThat(page.locator("select[name=stage] option")).hasText(new String[] {"one"});
        assertEquals(List.of(), Browser.inaccessible(page, "form[name=remote-access-rebuild]"));
        page.locator("input[name=minutes]").fill("20");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Rebuild with Remote Access"))
                .click();
        page.waitForURL("**/" + job.getUrl());
        WorkflowRun again = started(job, 2);
        page.navigate(again.getUrl() + "remote-access/");
        Locator card = page.locator(".remote-access-endpoint");
        assertThat(card.locator("[data-field=state]")).hasText("waiting for you");
        card.getByText("Edit the script and retry").click();
        Locator script = card.locator("textarea[name=script]");
        assertThat(script).hasValue("test -f nowhere");
        script.fill("echo edited on the page");
        card.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Retry with this script"))
                .click();
        page.getByRole(AriaRole.DIALOG).locator("[data-id=ok]").click();
        await().atMost(LONG).until(() -> !again.isBuilding());
        jenkins.assertBuildStatusSuccess(again);
        jenkins.assertLogContains("edited on the page", again);
        jenkins.assertLogContains("went on", again);
    }

    @Test
    void aRunningBuildIsOpenedFromItsPage() throws Exception {
        Person person = new Person("connector", directory).withKeyInAccount();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("node('agent') { sh 'until test -f go; do sleep 1; done' }", true));
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("test -f go", build);
        page = browser.window(jenkins, "connector");
        page.navigate(build.getUrl());
        link("Remote Access").click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Open Remote Access"))
                .click();
        Locator card = page.locator(".remote-access-endpoint");
        assertThat(card.locator("[data-field=state]")).hasText("open");
        person.run(Endpoints.get().of(build).get(0), "touch go");
        await().atMost(LONG).until(() -> !build.isBuilding());
        assertThat(card).hasCount(0);
    }

    private Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static WorkflowRun started(WorkflowJob job, int number) {
        await().atMost(LONG).until(() -> job.getBuildByNumber(number) != null);
        return job.getBuildByNumber(number);
    }
}
