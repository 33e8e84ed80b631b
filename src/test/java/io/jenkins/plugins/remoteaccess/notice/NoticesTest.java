package io.jenkins.plugins.remoteaccess.notice;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import hudson.ExtensionList;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.AuthorizationStrategy;
import hudson.tasks.Mailer;
import hudson.util.Secret;
import io.jenkins.plugins.remoteaccess.Browser;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.policy.Notices;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.Webhook;
import jakarta.mail.internet.MimeUtility;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A held build, and servers on loopback that are told of it. */
@WithJenkins
class NoticesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person granted;
    private Receiver receiver;
    private SmtpServer smtp;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
        granted = new Person("granted", directory).withKeyInAccount();
        granted.user().addProperty(new Mailer.UserProperty("granted@example.org"));
    }

    @BeforeEach
    void servers() throws Exception {
        receiver = new Receiver();
        smtp = new SmtpServer();
        Mailer.descriptor().setSmtpHost("127.0.0.1");
        Mailer.descriptor().setSmtpPort(String.valueOf(smtp.port()));
        ExtensionList.lookupSingleton(WebhookNotices.class).pause = Duration.ofMillis(20);
    }

    @AfterEach
    void stop() throws Exception {
        receiver.close();
        smtp.close();
    }

    @Test
    void theWebhookIsToldOfEachEvent() throws Exception {
        policy("", true);
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        granted.run(held.endpoint(), "true");
        await().atMost(LONG).until(() -> receiver.got().size() == 2);
        held.endpoint().release(Outcome.CONTINUE, User.getById("granted", true));
        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(held.run()));
        await().atMost(LONG).until(() -> receiver.got().size() == 3);
        List<JsonNode> told = receiver.got().stream().map(Receiver.Got::json).toList();
        assertEquals(List.of("held", "connected", "ended"), texts(told, "event"));
        assertThat(texts(told, "job"), everyItem(is(held.run().getParent().getFullName())));
        assertThat(
                texts(told, "url"), everyItem(is(jenkins.getURL() + held.run().getUrl() + "remote-access/")));
        assertThat(texts(told, "requester"), everyItem(is("granted")));
        assertThat(texts(told, "node"), everyItem(is("agent")));
        assertThat(told.get(0).get("people").size(), is(0));
        assertThat(told.get(1).get("user").asText(), is("granted"));
        assertThat(
                told.get(2).get("outcome").asText() + " by "
                        + told.get(2).get("by").asText(),
                is("continue by granted"));
        assertThat(told.get(2).get("people").get(0).asText(), is("granted"));
        assertThat(receiver.got().get(0).header("X-Remote-Access-Signature-256"), startsWith("sha256="));
        assertThat(receiver.got().toString(), not(containsString("s3cret")));
    }

    @Test
    void aDeliveryIsTriedFiveTimesAndNoMore() throws Exception {
        policy("", true);
        WebhookNotices webhook = ExtensionList.lookupSingleton(WebhookNotices.class);
        receiver.answer(503, null);
        webhook.add(Delivery.of("held", JsonNodeFactory.instance.objectNode()));
        await().atMost(LONG).until(() -> receiver.got().size() == 5);
        receiver.answer(204, null);
        webhook.add(Delivery.of("ended", JsonNodeFactory.instance.objectNode()));
        await().during(Duration.ofSeconds(8))
                .atMost(LONG)
                .until(() -> receiver.got().size() <= 6);
        List<JsonNode> told = receiver.got().stream().map(Receiver.Got::json).toList();
        assertEquals(List.of("held", "held", "held", "held", "held", "ended"), texts(told, "event"));
        assertThat(
                texts(told.subList(0, 5), "delivery"),
                everyItem(is(told.get(0).get("delivery").asText())));
    }

    @Test
    void aRefusalIsFinal() throws Exception {
        policy("", true);
        receiver.answer(403, null);
        ExtensionList.lookupSingleton(WebhookNotices.class)
                .add(Delivery.of("held", JsonNodeFactory.instance.objectNode()));
        await().during(Duration.ofSeconds(2))
                .atMost(LONG)
                .until(() -> receiver.got().size() == 1);
    }

    @Test
    void noMoreThanTwoHundredWait() throws Exception {
        policy("", true);
        receiver.answer(503, null);
        WebhookNotices webhook = ExtensionList.lookupSingleton(WebhookNotices.class);
        webhook.pause = Duration.ofSeconds(2);
        long taken = IntStream.range(0, 250)
                .filter(i -> webhook.add(Delivery.of("held", JsonNodeFactory.instance.objectNode())))
                .count();
        assertThat(taken, is(200L));
        RemoteAccessConfiguration.get().setNotices(null);
        await().atMost(LONG).until(() -> webhook.add(Delivery.of("held", JsonNodeFactory.instance.objectNode())));
    }

    @Test
    void theRequesterAndTheListGetMail() throws Exception {
        policy("ops@example.org, lead@example.org", false);
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        await().atMost(LONG).until(() -> smtp.received().size() == 3);
        assertEquals(
                List.of(List.of("granted@example.org"), List.of("ops@example.org"), List.of("lead@example.org")),
                smtp.received().stream().map(SmtpServer.Mail::to).toList());
        SmtpServer.Mail mail = smtp.received().get(0);
        assertThat(subject(mail), is("[Jenkins] Held: " + held.run().getFullDisplayName()));
        assertThat(mail.body(), containsString("Held because: sh failed"));
        assertThat(
                mail.body(), containsString("\n" + jenkins.getURL() + held.run().getUrl() + "remote-access/"));
        held.end(jenkins);
        await().atMost(LONG).until(() -> smtp.received().size() == 6);
        assertThat(smtp.received().get(3).body(), containsString("Outcome: fail (admin chose fail)"));
    }

    @Test
    void whoMayNotSeeTheBuildGetsNoMail() throws Exception {
        User.getById("stranger", true).addProperty(new Mailer.UserProperty("stranger@example.org"));
        AuthorizationStrategy before = jenkins.jenkins.getAuthorizationStrategy();
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        try {
            policy("ops@example.org", false);
            HeldBuild held = HeldBuild.start(jenkins, "stranger");
            held.end(jenkins);
            await().atMost(LONG).until(() -> smtp.received().size() == 2);
            assertThat(smtp.received().toString(), not(containsString("stranger@example.org")));
        } finally {
            jenkins.jenkins.setAuthorizationStrategy(before);
        }
    }

    @Test
    void hostileNamesBeginNoLine() throws Exception {
        policy("", false);
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "hostile");
        job.setDisplayName(
                "a\r\nBcc: victim@example.org\r\n\r\n.\r\nRCPT TO:<victim@example.org>\u2028\u0085J\u00e4ger\u202e");
        job.setDefinition(new CpsFlowDefinition(
                "node('agent') { debugHold(waitMinutes: 0) { error 'x\\rOutcome: fail' } }", true));
        HeldBuild held = HeldBuild.start(job, "granted");
        await().atMost(LONG).until(() -> smtp.received().size() == 1);
        SmtpServer.Mail mail = smtp.received().get(0);
        assertEquals(List.of("granted@example.org"), mail.to());
        assertThat(mail.headers(), not(hasItem(startsWith("Bcc"))));
        assertThat(mail.lines(), not(hasItem(startsWith("Outcome"))));
        assertThat(
                subject(mail),
                startsWith("[Jenkins] Held: a Bcc: victim@example.org . RCPT TO:<victim@example.org> J\u00e4ger "));
        held.end(jenkins);
        await().atMost(LONG).until(() -> smtp.received().size() == 2);
    }

    @Test
    void nobodyIsToldWithoutAPolicy() throws Exception {
        HeldBuild held = HeldBuild.start(jenkins, "granted");
        held.end(jenkins);
        await().during(Duration.ofSeconds(2))
                .atMost(LONG)
                .until(() -> smtp.received().isEmpty() && receiver.got().isEmpty());
    }

    @Test
    void theButtonSendsATestForAdministratorsByPost() throws Exception {
        WebResponse answer = test(HttpMethod.POST, "admin", true);
        assertThat(answer.getContentAsString(), containsString("Delivered"));
        assertThat(receiver.got().get(0).json().get("event").asText(), is("test"));
        assertThat(test(HttpMethod.POST, "admin", false).getContentAsString(), containsString("internal address"));
        assertThat(test(HttpMethod.POST, "manager", true).getStatusCode(), is(403));
        assertThat(test(HttpMethod.GET, "admin", true).getStatusCode(), is(404));
        assertThat(receiver.got().size(), is(1));
    }

    @Test
    void theButtonInTheFormSendsWhatTheFormSays() throws Exception {
        policy("", true);
        try (Browser browser = Browser.open()) {
            User.getById("admin", true);
            Page page = browser.window(jenkins, "admin");
            page.navigate("manage/configure");
            page.getByText("Send a test").click();
            PlaywrightAssertions.assertThat(page.locator(".jenkins-validate-button__container__status")
                            .getByText("Delivered"))
                    .isVisible();
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", "notices.png")));
            browser.nothingAmiss();
        }
        Receiver.Got got = receiver.got().get(0);
        String signed = got.header("X-Remote-Access-Timestamp") + "." + got.body();
        assertThat(
                got.header("X-Remote-Access-Signature-256"),
                is("sha256=" + WebhookSenderTest.openssl("s3cret", signed)));
    }

    private void policy(String mailTo, boolean hook) {
        Notices notices = new Notices();
        notices.setMailTo(mailTo);
        if (hook) {
            Webhook webhook = new Webhook(receiver.url("/"));
            webhook.setSecret(Secret.fromString("s3cret"));
            webhook.setPlainHttp(true);
            webhook.setInternalAddresses(true);
            notices.setMailRequester(false);
            notices.setWebhook(webhook);
        }
        RemoteAccessConfiguration.get().setNotices(notices);
    }

    private WebResponse test(HttpMethod method, String person, boolean internal) throws Exception {
        WebRequest request = new WebRequest(
                new URL(jenkins.getURL(), "descriptorByName/" + Webhook.class.getName() + "/test"), method);
        request.setRequestParameters(List.of(
                new NameValuePair("url", receiver.url("/")),
                new NameValuePair("secret", "s3cret"),
                new NameValuePair("plainHttp", "true"),
                new NameValuePair("internalAddresses", String.valueOf(internal))));
        User.getById(person, true);
        return jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withBasicApiToken(person)
                .loadWebResponse(request);
    }

    private static List<String> texts(List<JsonNode> nodes, String member) {
        return nodes.stream().map(node -> node.path(member).asText()).toList();
    }

    private static String subject(SmtpServer.Mail mail) throws Exception {
        String unfolded =
                mail.headers().stream().collect(Collectors.joining("\n")).replaceAll("\n[ \t]", " ");
        String line = unfolded.lines()
                .filter(header -> header.startsWith("Subject: "))
                .findFirst()
                .orElseThrow();
        return MimeUtility.decodeText(line.substring("Subject: ".length())
                .replaceAll("\\?= +=\\?", "?==?")
                .replace("?==?", "?= =?"));
    }
}
