package io.jenkins.plugins.remoteaccess.hold;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import java.time.Instant;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

class EnteredActionTest {
    private static final String HOSTILE = "<img src=x onerror=alert(1)> o'brien \"x\"";

    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @Test
    void buildSaysForEverWhoEnteredItAndHowItEnded() throws Throwable {
        sessions.then(jenkins -> {
            FreeStyleBuild build = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject("job"));
            EnteredAction.note(build, new Visit(Instant.now(), "alice", "entered"));
            EnteredAction.note(build, new Visit(Instant.now(), HOSTILE, "entered"));
            EnteredAction.note(build, new Visit(Instant.now(), "alice", "retry"));
        });
        sessions.then(jenkins -> {
            FreeStyleProject job = jenkins.jenkins.getItemByFullName("job", FreeStyleProject.class);
            EnteredAction kept = job.getLastBuild().getAction(EnteredAction.class);
            assertThat(kept.getUsers(), contains("alice", HOSTILE));
            String summary = page(jenkins, job.getLastBuild().getUrl()).asNormalizedText();
            assertThat(summary, containsString("Entered with Remote Access by alice, " + HOSTILE));
            assertThat(summary, containsString("alice retry"));
            String history = page(jenkins, job.getUrl()).getWebResponse().getContentAsString();
            assertThat(history, not(containsString("<img src=x")));
        });
    }

    private static HtmlPage page(JenkinsRule jenkins, String url) throws Exception {
        return jenkins.createWebClient().withJavaScriptEnabled(false).goTo(url);
    }
}
