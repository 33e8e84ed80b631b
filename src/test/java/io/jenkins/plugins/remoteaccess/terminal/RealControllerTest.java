package io.jenkins.plugins.remoteaccess.terminal;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.User;
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import jenkins.model.JenkinsLocationConfiguration;
import jenkins.security.ApiTokenProperty;
import net.sf.json.JSONObject;
import org.jenkinsci.main.modules.cli.auth.ssh.UserPropertyImpl;
import org.jenkinsci.main.modules.sshd.SSHD;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Gateway and terminal with the @Timeout(value = 10, unit = TimeUnit.MINUTES)
 * class loaders of a real Jenkins, where MINA is another plugin's and another version. */
class RealControllerTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @RegisterExtension
    final RealJenkinsExtension controller = new RealJenkinsExtension().withTimeout(300);

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path directory;

    @Test
    void bothWaysThroughTheControllerWork() throws Throwable {
        Person alice = new Person("alice", directory);
        controller.startJenkins();
        agents.createAgent(
                controller,
                InboundAgentExtension.Options.newBuilder()
                        .name("agent")
                        .webSocket()
                        .build());
        RealJenkinsExtension.StepWithReturnAndOneArg<Person.Target, String> hold = RealControllerTest::hold;
        Person.Target target = controller.runRemotely(hold, alice.publicKey());
        assertThat(ssh(alice, target, "echo in; exit 7"), is("in 7"));
        assertThat(typed(target), containsString("42-in-a-terminal"));
        controller.runRemotely(RealControllerTest::end);
    }

    private String ssh(Person alice, Person.Target target, String command) throws Exception {
        String proxy = "ssh -F none -i " + alice.keyFile() + " -o BatchMode=yes -o StrictHostKeyChecking=no"
                + " -o UserKnownHostsFile=/dev/null -p " + target.port() + " -l alice 127.0.0.1 tunnel-remote-access "
                + target.id();
        List<String> line = new ArrayList<>(List.of("ssh"));
        line.addAll(alice.options(target));
        line.addAll(List.of(
                "-o", "LogLevel=ERROR", "-o", "ProxyCommand=" + proxy + " 2>/dev/null", "alice@endpoint", command));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(60, TimeUnit.SECONDS), is(true));
        return output + ' ' + process.exitValue();
    }

    private static Person.Target hold(JenkinsRule jenkins, String key) throws Exception {
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null);
        realm.createAccount("alice", "a password of alice");
        jenkins.jenkins.setSecurityRealm(realm);
        jenkins.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        User.getById("alice", true).addProperty(new UserPropertyImpl(key));
        SSHD.get().setPort(0);
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "held");
        job.setDefinition(
                new CpsFlowDefinition("node('agent') { debugHold(waitMinutes: 0) { error 'broken' } }", true));
        WorkflowRun run = job.scheduleBuild2(0, new CauseAction(new Cause.UserIdCause("alice")))
                .waitForStart();
        await().atMost(LONG)
                .until(() -> SSHD.get().getActualPort() > 0
                        && Endpoints.get().of(run).stream().anyMatch(one -> one.state() == Endpoint.State.HOLDING));
        Endpoint endpoint = endpoint();
        return new Person.Target(
                endpoint.id(),
                endpoint.hostKey().toString(),
                "endpoint",
                SSHD.get().getActualPort());
    }

    private static Endpoint endpoint() {
        return Endpoints.get().all().get(0);
    }

    /** What a browser would show, with an API token for its cookie and crumb. */
    private String typed(Person.Target target) throws Throwable {
        String auth = Base64.getEncoder()
                .encodeToString(("alice:" + controller.runRemotely(RealControllerTest::token))
                        .getBytes(StandardCharsets.UTF_8));
        URI page = controller.getUrl().toURI().resolve("job/held/1/remote-access/");
        HttpClient client = HttpClient.newHttpClient();
        String ticket = JSONObject.fromObject(client.send(
                                HttpRequest.newBuilder(page.resolve("ticket?id=" + target.id()))
                                        .header("Authorization", "Basic " + auth)
                                        .POST(HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .getString("ticket");
        String origin = page.getScheme() + "://" + page.getAuthority();
        Shown shown = new Shown();
        WebSocket socket = client.newWebSocketBuilder()
                .header("Authorization", "Basic " + auth)
                .header("Origin", origin)
                .buildAsync(
                        URI.create(page.resolve("terminal?columns=80&rows=24&ticket=" + ticket + "&id=" + target.id())
                                .toString()
                                .replaceFirst("http", "ws")),
                        shown)
                .get(60, TimeUnit.SECONDS);
        await().atMost(LONG).until(() -> shown.text().contains("terminal"));
        socket.sendBinary(ByteBuffer.wrap("echo $((6*7))-in-a-terminal\n".getBytes(StandardCharsets.UTF_8)), true);
        await().atMost(LONG).until(() -> shown.text().contains("42-in-a-terminal"));
        socket.sendText("{\"close\":true}", true);
        await().atMost(LONG).until(() -> shown.text().contains("ended"));
        socket.abort();
        return shown.text();
    }

    private static String token(JenkinsRule jenkins) throws Exception {
        JenkinsLocationConfiguration.get().setUrl(jenkins.getURL().toString());
        User alice = User.getById("alice", true);
        return alice.getProperty(ApiTokenProperty.class).generateNewToken("test").plainValue;
    }

    private static void end(JenkinsRule jenkins) throws Exception {
        WorkflowRun run = (WorkflowRun) endpoint().run();
        run.doStop();
        jenkins.waitForCompletion(run);
    }

    private static final class Shown implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        synchronized String text() {
            return text.toString();
        }

        @Override
        public synchronized CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            text.append(StandardCharsets.UTF_8.decode(data));
            socket.request(1);
            return null;
        }

        @Override
        public synchronized CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            socket.request(1);
            return null;
        }
    }
}
