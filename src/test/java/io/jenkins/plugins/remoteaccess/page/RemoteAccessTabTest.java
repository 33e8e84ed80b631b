package io.jenkins.plugins.remoteaccess.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.User;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.grant.Ed25519Key;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class RemoteAccessTabTest {
    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    Path directory;

    private static JenkinsRule jenkins;
    private HeldBuild held;

    @BeforeAll
    static void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        HeldBuild.prepare(jenkins, ONE);
        ONE.keep(jenkins);
    }

    @AfterEach
    void end() throws Exception {
        if (held != null) {
            held.end(jenkins);
        }
    }

    @Test
    void apiSaysWhatTheDesignPromises() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
        JSONObject json = state("granted");
        assertThat(json.getBoolean("entered"), is(false));
        JSONObject endpoint = json.getJSONArray("endpoints").getJSONObject(0);
        assertThat(endpoint.getString("id"), is(held.endpoint().id()));
        assertThat(endpoint.getString("node"), is("agent"));
        assertThat(endpoint.getString("state"), is("HOLDING"));
        assertThat(endpoint.getString("reason"), containsString("exit code 7"));
        assertThat(endpoint.getJSONObject("step").getString("name"), is("sh"));
        assertThat(endpoint.getJSONObject("step").getInt("exitCode"), is(7));
        assertThat(endpoint.getJSONObject("step").getString("script"), is("exit 7"));
        assertThat(endpoint.getString("workspace"), containsString("workspace"));
        assertThat(Instant.parse(endpoint.getString("deadline")), greaterThan(Instant.now()));
        assertThat(Instant.parse(endpoint.getString("openedAt")), not(greaterThan(Instant.now())));
        assertThat(endpoint.getLong("remainingSeconds"), greaterThan(1_700L));
        assertThat(
                endpoint.getJSONObject("routes").getJSONObject("gateway").getString("command"),
                containsString("tunnel-remote-access"));
        JSONObject direct = endpoint.getJSONObject("routes").getJSONObject("direct");
        assertThat(direct.getString("host"), is("127.0.0.1"));
        assertThat(
                direct.getInt("port"), is(held.endpoint().direct().orElseThrow().port()));
        assertThat(direct.getString("user"), is("granted"));
        JSONObject hostKey = endpoint.getJSONObject("hostKey");
        assertThat(hostKey.getString("type"), is("ssh-ed25519"));
        assertThat(hostKey.getString("fingerprint"), matchesPattern("SHA256:[A-Za-z0-9+/]{43}"));
        assertThat(
                hostKey.getString("alias"),
                is("remote-access-" + held.endpoint().id()));
        assertThat(
                hostKey.getString("knownHosts"),
                is(hostKey.getString("alias") + " " + held.endpoint().hostKey()));
        assertThat(endpoint.getJSONArray("connections").size(), is(0));
    }

    @Test
    void commandFromTheApiWorksAndTouchesNoFile() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
        Path key = directory.resolve("key");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, post("key?id=" + held.endpoint().id(), "granted").getContentAsString());
        Shell.Said said = inShell(direct("granted").getString("command") + " -o BatchMode=yes -o IdentitiesOnly=yes -i "
                + key + " echo inside");
        assertThat(said, is(new Shell.Said(0, "inside")));
    }

    @Test
    void commandRefusesAnotherHostKey() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
        String command = direct("granted").getString("command");
        String pinned = held.endpoint().hostKey().base64();
        String elsewhere =
                command.replace(pinned, Ed25519Key.generate().publicKey().base64());
        Shell.Said said = inShell(elsewhere + " -o BatchMode=yes echo inside");
        assertThat(said.output(), containsString("Host key verification failed"));
        assertThat(said.status(), is(255));
    }

    @Test
    void scriptConnectsWithAKeyOfItsOwn() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
        WebResponse response = post("script?shell=sh&id=" + held.endpoint().id(), "connector");
        assertThat(
                response.getResponseHeaderValue("Content-Disposition"),
                is("attachment; filename=\"remote-access-" + held.endpoint().id() + ".sh\""));
        Path script = Files.writeString(directory.resolve("script.sh"), response.getContentAsString());
        Shell.Said said = inShell("sh " + script + " -o BatchMode=yes 'echo inside; exit 5'");
        assertThat(said, is(new Shell.Said(5, "inside")));
        assertThat("whoever has a key has been let in", held.endpoint().grants(User.getById("connector", true)));
    }

    @Test
    void keysAreNeverCached() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
        WebResponse first = post("key?id=" + held.endpoint().id(), "granted");
        WebResponse second = post("key?id=" + held.endpoint().id(), "granted");
        assertThat(first.getResponseHeaderValue("Cache-Control"), is("no-store"));
        assertThat(first.getResponseHeaderValue("X-Content-Type-Options"), is("nosniff"));
        assertThat(first.getContentAsString(), not(is(second.getContentAsString())));
    }

    @Test
    void whoIsBarredSeesThatItIsThereAndWhyNotForThem() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
        RemoteAccessConfiguration.get().setBarredGroups(List.of("connector"));
        JSONObject endpoint = state("connector").getJSONArray("endpoints").getJSONObject(0);
        assertThat(endpoint.getJSONObject("you").getString("refusal"), containsString("barred"));
        assertThat(endpoint.opt("routes"), nullValue());
        assertThat(endpoint.opt("hostKey"), nullValue());
        assertThat(endpoint.opt("connections"), nullValue());
        assertThat(endpoint.opt("workspace"), nullValue());
    }

    @Test
    void theGatewayIsThereWhereTheEndpointListensOnLoopback() throws Exception {
        RemoteAccessConfiguration.get().setDirectRoute(null);
        held = HeldBuild.start(jenkins, "granted");
        JSONObject routes =
                state("granted").getJSONArray("endpoints").getJSONObject(0).getJSONObject("routes");
        assertThat(routes.opt("direct"), nullValue());
        assertThat(routes.getJSONObject("gateway").getString("sshConfig"), containsString("ProxyCommand"));
        assertThat(
                page("granted", "remote-access/ssh-config?id=" + held.endpoint().id()), containsString("ProxyCommand"));
    }

    @Test
    void linkAndSummaryAreThereForWhoMayConnect() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
        assertThat(page("connector", ""), containsString("/remote-access\""));
        assertThat(page("connector", ""), containsString("This build can be entered with Remote Access"));
        assertThat(page("reader", ""), not(containsString("remote-access")));
        RemoteAccessConfiguration.get().setBarredGroups(List.of("connector"));
        assertThat(page("connector", ""), not(containsString("remote-access")));
    }

    @Test
    void linkIsGoneWithTheEndpoint() throws Exception {
        held = HeldBuild.start(jenkins, "granted");
        held.end(jenkins);
        assertThat(page("connector", ""), not(containsString("/remote-access\"")));
        assertThat(state("connector").getJSONArray("endpoints").size(), is(0));
    }

    @Test
    void hostileNamesBreakNothing() throws Exception {
        String user = "o'brien \"x\" $(id) `id` %h & <b> é";
        held = HeldBuild.start(
                jenkins,
                user,
                "currentBuild.displayName = '<img src=x onerror=alert(1)>\"\\' $(id)\\nHost evil'\n"
                        + "node('agent') { debugHold(minutes: 5) { error '</template><script>alert(1)</script>\"' } }");
        String page = page("connector", "remote-access/");
        assertThat(page, not(containsString("<img src=x")));
        assertThat(page, not(containsString("<script>alert")));
        assertThat(page("connector", ""), not(containsString("<script>alert")));
        Path config = Files.writeString(
                directory.resolve("config"),
                page(
                        "connector",
                        "remote-access/ssh-config?id=" + held.endpoint().id()));
        assertThat(
                Shell.lines(directory, "ssh", "-G", "-F", config.toString(), "evil"),
                not(hasItem(containsString("127.0.0.1"))));
        assertThat(
                Files.readString(config)
                        .lines()
                        .filter(line -> line.startsWith("Host "))
                        .count(),
                is(1L));
        assertThat(direct("connector").getString("command"), not(matchesPattern("(?s).*[$`<>&\"].*")));
    }

    private Shell.Said inShell(String command) throws Exception {
        return Shell.run(directory, Map.of(), "/bin/sh", "-c", command);
    }

    private JSONObject direct(String person) throws Exception {
        return state(person)
                .getJSONArray("endpoints")
                .getJSONObject(0)
                .getJSONObject("routes")
                .getJSONObject("direct");
    }

    private JSONObject state(String person) throws Exception {
        return JSONObject.fromObject(page(person, "remote-access/api/json"));
    }

    private String page(String person, String path) throws Exception {
        return request(HttpMethod.GET, path, person).getContentAsString();
    }

    private WebResponse post(String path, String person) throws Exception {
        return request(HttpMethod.POST, "remote-access/" + path, person);
    }

    private WebResponse request(HttpMethod method, String path, String person) throws Exception {
        User.getById(person, true);
        JenkinsRule.WebClient client =
                jenkins.createWebClient().withJavaScriptEnabled(false).withBasicApiToken(person);
        return client.getPage(
                        new WebRequest(new URL(jenkins.getURL(), held.run().getUrl() + path), method))
                .getWebResponse();
    }
}
