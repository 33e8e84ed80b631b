package io.jenkins.plugins.remoteaccess.terminal;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private final Replay replay = new Replay();

    @Test
    void whatWasNotShownComesAgain() {
        replay.add("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(from(0), is("hello"));
        assertThat(from(3), is("lo"));
        replay.shown(4);
        assertThat(from(0), is("o"));
        assertThat(from(99), is(""));
    }

    @Test
    void thereIsRoomForWhatHasBeenShownAlone() {
        replay.add(new byte[Replay.ROOM]);
        assertThat(replay.room(), is(0));
        replay.shown(10);
        assertThat(replay.room(), is(10));
        replay.add("0123456789".getBytes(StandardCharsets.UTF_8));
        assertThat(from(Replay.ROOM), is("0123456789"));
    }

    @Test
    void aBrowserThatSaysNonsenseChangesNothing() {
        replay.add("hello".getBytes(StandardCharsets.UTF_8));
        replay.shown(6);
        replay.shown(-1);
        assertThat(from(0), is("hello"));
        replay.shown(2);
        replay.shown(1);
        assertThat(from(0), is("llo"));
    }

    private String from(long position) {
        return StandardCharsets.UTF_8.decode(replay.from(position)).toString();
    }
}
