package io.jenkins.plugins.remoteaccess.terminal;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.remoteaccess.HeldBuild;
import java.net.URL;
import java.util.concurrent.TimeUnit;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Who gets a WebSocket. What comes from a client that cannot speak it is 400 where it would be upgraded. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@WithJenkins
class UpgradeTest {
    private static final int UPGRADED = 400;
    private static final int REFUSED = 403;

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    private JenkinsRule jenkins;
    private HeldBuild held;
    private JenkinsRule.WebClient granted;
    private String origin;

    @BeforeEach
    void aHeldBuild(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, agents);
        held = HeldBuild.start(jenkins, "granted");
        granted = client("granted");
        origin = jenkins.getURL().toString().replaceFirst("/jenkins/$", "");
    }

    @AfterEach
    void end() throws Exception {
        held.end(jenkins);
    }

    @Test
    void aTicketOpensOneWebSocketFromAPageOfThisJenkins() throws Exception {
        String ticket = ticket(granted);
        assertThat(terminal(granted, ticket, origin), is(UPGRADED));
        assertThat("a second time", terminal(granted, ticket, origin), is(REFUSED));
    }

    @Test
    void pagesOfOthersAreRefused() throws Exception {
        assertThat(terminal(granted, ticket(granted), null), is(REFUSED));
        assertThat(terminal(granted, ticket(granted), "https://evil.example.org"), is(REFUSED));
        assertThat(terminal(granted, ticket(granted), origin + ".evil.example.org"), is(REFUSED));
        assertThat(terminal(granted, ticket(granted), "null"), is(REFUSED));
    }

    @Test
    void ticketsAreForOnePersonAndBrowser() throws Exception {
        assertThat(terminal(client("connector"), ticket(granted), origin), is(REFUSED));
        assertThat("another browser", terminal(client("granted"), ticket(granted), origin), is(REFUSED));
        assertThat(terminal(granted, "", origin), is(REFUSED));
    }

    private JenkinsRule.WebClient client(String person) throws Exception {
        return jenkins.createWebClient()
                .withJavaScriptEnabled(false)
                .withThrowExceptionOnFailingStatusCode(false)
                .login(person);
    }

    private String ticket(JenkinsRule.WebClient client) throws Exception {
        WebRequest request = new WebRequest(url("ticket?id="), HttpMethod.POST);
        return JSONObject.fromObject(client.getPage(client.addCrumb(request))
                        .getWebResponse()
                        .getContentAsString())
                .getString("ticket");
    }

    private int terminal(JenkinsRule.WebClient client, String ticket, String from) throws Exception {
        WebRequest request = new WebRequest(url("terminal?columns=80&rows=24&ticket=" + ticket + "&id="));
        if (from != null) {
            request.setAdditionalHeader("Origin", from);
        }
        return client.getPage(request).getWebResponse().getStatusCode();
    }

    private URL url(String what) throws Exception {
        return new URL(
                jenkins.getURL(),
                held.run().getUrl() + "remote-access/" + what + held.endpoint().id());
    }
}
