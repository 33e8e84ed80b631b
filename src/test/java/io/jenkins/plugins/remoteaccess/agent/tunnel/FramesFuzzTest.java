package io.jenkins.plugins.remoteaccess.agent.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Frames from the other end of a tunnel: understood in whatever pieces they come, or an IOException. */
class FramesFuzzTest {
    @FuzzTest
    void piecesMeanWhatTheWholeMeans(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        int piece = 1 + (bytes[0] & 0xFF);
        assertEquals(heard(bytes, bytes.length), heard(bytes, piece));
    }

    /** What comes out of all but the first byte, written in pieces. */
    private static String heard(byte[] bytes, int piece) {
        Heard heard = new Heard();
        try {
            for (int at = 1; at < bytes.length; at += piece) {
                heard.write(bytes, at, Math.min(piece, bytes.length - at));
            }
        } catch (IOException refused) {
            heard.said.append("refused: ").append(refused.getMessage());
        }
        return heard.said + " " + heard.data;
    }

    private static final class Heard extends Frames {
        final StringBuilder said = new StringBuilder();
        final ByteArrayOutputStream data = new ByteArrayOutputStream();

        @Override
        void data(byte[] bytes, int offset, int length) {
            data.write(bytes, offset, length);
        }

        @Override
        void credit(int count) {
            said.append("after ")
                    .append(data.size())
                    .append(" credit ")
                    .append(count)
                    .append('\n');
        }

        @Override
        void ended() {
            said.append("after ").append(data.size()).append(" end\n");
        }

        @Override
        void gone(Throwable why) {
            said.append("gone\n");
        }
    }
}
