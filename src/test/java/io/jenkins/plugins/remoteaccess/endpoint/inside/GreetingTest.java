package io.jenkins.plugins.remoteaccess.endpoint.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GreetingTest {
    private static final Connection ALICE =
            new Connection("c1", "alice", "shell", "127.0.0.1:9", "OpenSSH", "SHA256:x", Instant.EPOCH, "s");

    private static Place place(String build, Optional<String> step, Optional<Integer> exitCode) {
        return new Place(
                Path.of("/srv/app"),
                Map.of("TOKEN", "t", "PATH", "p"),
                Set.of("TOKEN", "UNTOLD"),
                build,
                Optional.empty(),
                step,
                exitCode,
                Optional.empty());
    }

    private static String motd(Place place, boolean secrets, Optional<Duration> remaining) {
        Grants grants = new Grants();
        grants.replace(List.of(new Grant("alice", Set.of(), secrets)));
        return new Greeting(() -> place, grants, () -> remaining).motd(ALICE);
    }

    @Test
    void saysWhatFailedWhereAndForHowLong() {
        assertEquals(
                """
                Remote Access: app #12
                  failed     sh, exit code 2
                  workspace  /srv/app
                  time left  59 min
                  secrets    withheld from this shell: UNTOLD
                             this shell has the build's: TOKEN
                  commands   remote-access status | extend 30 | retry | continue | fail
                             remote-access rerun: the failed step's script again | help
                """,
                motd(
                        place("app #12", Optional.of("sh"), Optional.of(2)),
                        true,
                        Optional.of(Duration.ofSeconds(3_599))));
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        String text = motd(place("app #12", Optional.empty(), Optional.empty()), true, Optional.empty());
        assertFalse(text.contains("  failed "), text);
        assertTrue(text.contains("no deadline"), text);
    }

    @Test
    void namesWhatWasWithheld() {
        String text = motd(place("app", Optional.of("sh"), Optional.of(1)), false, Optional.empty());
        assertTrue(text.contains("  secrets    withheld from this shell: TOKEN, UNTOLD\n"), text);
    }

    @Property(tries = 500)
    void noNameCanControlTheTerminalOrLeaveItsLine(@ForAll String build, @ForAll String step) {
        String text = motd(
                place(build + "\u001b[31m\u009b2J\r\n" + step, Optional.of(step), Optional.of(1)),
                true,
                Optional.empty());
        assertFalse(text.replace("\n", "").codePoints().anyMatch(Character::isISOControl), text);
        assertTrue(text.lines().allMatch(line -> line.codePointCount(0, line.length()) <= 80), text);
        assertTrue(text.lines().allMatch(line -> line.startsWith("Remote Access: ") || line.startsWith("  ")), text);
    }

    @Test
    void wideCharactersCountTwice() {
        String text = motd(place("\u4E2D".repeat(100), Optional.empty(), Optional.empty()), true, Optional.empty());
        assertEquals(
                "Remote Access: ".length() + 32,
                text.lines().findFirst().orElseThrow().length());
    }
}
