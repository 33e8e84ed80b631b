package io.jenkins.plugins.remoteaccess.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.grant.Ed25519Key;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.main.modules.sshd.SSHD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class GatewayWayTest {
    private static final PublicKeyLine HOST_KEY = Ed25519Key.generate().publicKey();
    private static final PublicKeyLine CONTROLLER = Ed25519Key.generate().publicKey();

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    Path directory;

    @Test
    void opensshReadsTheHostBlock() throws Exception {
        Path config = Files.writeString(directory.resolve("config"), way().hostBlock("a job\nHost evil\n\tUser root"));
        List<String> read = Shell.lines(directory, "ssh", "-G", "-F", config.toString(), "remote-access-0123abcd");
        assertThat(read, hasItem("user alice"));
        assertThat(read, hasItem("hostkeyalias remote-access-0123abcd"));
        assertThat(read, hasItem("stricthostkeychecking true"));
        assertThat(read, hasItem("knownhostscommand /bin/echo remote-access-0123abcd " + HOST_KEY));
        assertThat(read, hasItem(startsWith("proxycommand ssh -p 2222 -l Alice@example.org -o HostKeyAlias=jenkins-")));
        assertThat(
                read, hasItem(containsString("StrictHostKeyChecking=yes -o \"KnownHostsCommand=/bin/echo jenkins-")));
        assertThat(
                Files.readAllLines(config).stream()
                        .filter(line -> line.startsWith("Host "))
                        .toList(),
                is(List.of("Host remote-access-0123abcd")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-l", "a b", "a'b", "a\"b", "a;id", "a\nb", "$(id)", "`id`", "a%h", "a\\b", "é"})
    void usersThatCouldMeanSomethingElseAreNotTaken(String user) {
        assertThrows(IllegalArgumentException.class, () -> new SshProxy("jenkins", 22, user, CONTROLLER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://ci",
                "ftp://ci/",
                "https://ci/a b/",
                "https://ci/'/",
                "https://ci/%20/",
                "https://ci/$(id)/"
            })
    void addressesThatCouldMeanSomethingElseAreNotTaken(String url) {
        assertThrows(IllegalArgumentException.class, () -> new HttpProxy(url));
    }

    @Test
    @WithJenkins
    void whatThePageGivesWorksThroughTheControllersSsh(JenkinsRule jenkins) throws Exception {
        HeldBuild held = held(jenkins);
        Person granted = new Person("granted", directory).withKeyForTheController();
        JSONObject gateway = gateway(jenkins, held);
        assertThat("no key, no controller's SSH", gateway.getString("name"), is("ssh"));
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket()).start();
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(Path.of(socket())));
            assertThat(inShell("ssh-add -q " + granted.keyFile()).status(), is(0));
            held.endpoint().grant(granted.user()).get();

            String batch = gateway.getString("command").replaceFirst("^ssh ", "ssh -o BatchMode=yes ");
            assertThat(inShell(batch + " 'echo in; exit 7'"), is(new Shell.Said(7, "in")));

            Path config = Files.writeString(directory.resolve("config"), gateway.getString("sshConfig"));
            String name = "remote-access-" + held.endpoint().id();
            assertThat(inShell("ssh -F " + config + ' ' + name + " echo in"), is(new Shell.Said(0, "in")));

            inShell(batch + " 'mkdir d; echo one > d/f'");
            JSONObject commands = gateway.getJSONObject("commands");
            Shell.Said scp = inShell(commands.getString("scp").replace(":FILE .", ":d/f copied"));
            assertThat(scp.output(), Files.readString(directory.resolve("copied")), is("one\n"));
            if (Files.isExecutable(Path.of("/usr/bin/rsync"))) {
                Shell.Said rsync = inShell(commands.getString("rsync").replace("DIRECTORY/", "d/"));
                assertThat(rsync.output(), Files.readString(directory.resolve("d/f")), is("one\n"));
            }

            Path script = Files.writeString(
                    directory.resolve("script.sh"),
                    post(jenkins, held, "script?shell=sh&id=" + held.endpoint().id()));
            assertThat(
                    inShell("sh " + script + " -o BatchMode=yes 'echo inside; exit 5'"),
                    is(new Shell.Said(5, "inside")));

            String elsewhere = batch.replaceAll("ssh-rsa AAAA[A-Za-z0-9+/=]+", "ssh-ed25519 " + CONTROLLER.base64());
            assertThat(
                    "another controller",
                    inShell(elsewhere + " echo in").output(),
                    containsString("verification failed"));
        } finally {
            agent.destroy();
            SSHD.get().stop();
            held.end(jenkins);
        }
    }

    @Test
    @WithJenkins
    void theWaysOfferedAreThoseThereAre(JenkinsRule jenkins) throws Exception {
        HeldBuild held = held(jenkins);
        JSONObject gateway = gateway(jenkins, held);
        assertThat("an account without a key", gateway.getString("name"), is("http"));
        assertThat(gateway.getString("command"), containsString("java -jar ~/jenkins-cli.jar -s " + jenkins.getURL()));
        assertThat(gateway.getString("prepare"), containsString(jenkins.getURL() + "jnlpJars/jenkins-cli.jar"));
        new Person("granted", directory).withKeyInAccount();
        assertThat(
                "the controller takes no key beside a bad line",
                gateway(jenkins, held).getString("name"),
                is("http"));
        new Person("granted", directory.resolve("other")).withKeyForTheController();
        assertThat(gateway(jenkins, held).getString("name"), is("ssh"));
        assertThat(gateway(jenkins, held).getJSONObject("http").getString("name"), is("http"));
        SSHD.get().setPort(-1);
        assertThat(gateway(jenkins, held).getString("name"), is("http"));
        SSHD.get().stop();
        held.end(jenkins);
    }

    private HeldBuild held(JenkinsRule jenkins) throws Exception {
        HeldBuild.prepare(jenkins, agents);
        RemoteAccessConfiguration.get().setDirectRoute(null);
        SSHD.get().setPort(0);
        await().atMost(Duration.ofSeconds(20)).until(() -> SSHD.get().getActualPort() > 0);
        return HeldBuild.start(jenkins, "granted");
    }

    private JSONObject gateway(JenkinsRule jenkins, HeldBuild held) throws Exception {
        JSONObject routes = JSONObject.fromObject(client(jenkins)
                        .goTo(held.run().getUrl() + "remote-access/api/json", "application/json")
                        .getWebResponse()
                        .getContentAsString())
                .getJSONArray("endpoints")
                .getJSONObject(0)
                .getJSONObject("routes");
        assertThat(routes.has("direct"), not(true));
        return routes.getJSONObject("gateway");
    }

    private String post(JenkinsRule jenkins, HeldBuild held, String what) throws Exception {
        JenkinsRule.WebClient client = client(jenkins);
        URL url = new URL(jenkins.getURL(), held.run().getUrl() + "remote-access/" + what);
        return client.getPage(client.addCrumb(new WebRequest(url, HttpMethod.POST)))
                .getWebResponse()
                .getContentAsString();
    }

    private static JenkinsRule.WebClient client(JenkinsRule jenkins) throws Exception {
        return jenkins.createWebClient().withJavaScriptEnabled(false).login("granted");
    }

    private String socket() {
        return directory.resolve("agent.sock").toString();
    }

    private Shell.Said inShell(String command) throws Exception {
        return Shell.run(directory, Map.of("SSH_AUTH_SOCK", socket()), "/bin/sh", "-c", command);
    }

    private static GatewayWay way() {
        return new GatewayWay(
                "0123abcd",
                "alice",
                HOST_KEY,
                new SshProxy("jenkins.example.org", 2222, "Alice@example.org", CONTROLLER));
    }
}
