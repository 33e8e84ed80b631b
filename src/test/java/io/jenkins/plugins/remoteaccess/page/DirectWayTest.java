package io.jenkins.plugins.remoteaccess.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.remoteaccess.grant.Ed25519Key;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectWayTest {
    private static final PublicKeyLine HOST_KEY = Ed25519Key.generate().publicKey();

    @TempDir
    Path directory;

    @Test
    void opensshReadsTheHostBlock() throws Exception {
        Path config = Files.writeString(
                directory.resolve("config"), way("agent.example.org").hostBlock("a job\nHost evil\n\tUser root"));
        List<String> read = Shell.lines(directory, "ssh", "-G", "-F", config.toString(), "remote-access-0123abcd");
        assertThat(read, hasItem("hostname agent.example.org"));
        assertThat(read, hasItem("port 20022"));
        assertThat(read, hasItem("user alice"));
        assertThat(read, hasItem("hostkeyalias remote-access-0123abcd"));
        assertThat(read, hasItem("stricthostkeychecking true"));
        assertThat(read, hasItem("knownhostscommand /bin/echo remote-access-0123abcd " + HOST_KEY));
    }

    @Test
    void hostBlockHasOneHostWhateverTheBuildIsCalled() {
        long hosts = way("agent")
                .hostBlock("x\rHost evil\nHost evil\u2028Host evil\u0085Host evil")
                .lines()
                .filter(line -> line.startsWith("Host "))
                .count();
        assertThat(hosts, is(1L));
    }

    @Test
    void addressesOfIpv6AreBracketedForCopies() {
        assertThat(way("fd00::1").ssh(), endsWith(" alice@fd00::1"));
        assertThat(way("fd00::1").scp(), containsString(" alice@[fd00::1]:FILE"));
        assertThat(way("fd00::1").rsync(), containsString(" alice@[fd00::1]:DIRECTORY/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-oProxyCommand=id",
                "a b",
                "a'b",
                "a\"b",
                "a;id",
                "a\nb",
                "$(id)",
                "`id`",
                "a%h",
                "a\\b",
                "a/b"
            })
    void hostsThatCouldMeanSomethingElseAreNotTaken(String host) {
        assertThrows(IllegalArgumentException.class, () -> way(host));
    }

    private static DirectWay way(String host) {
        return new DirectWay("0123abcd", host, 20022, "alice", HOST_KEY);
    }
}
