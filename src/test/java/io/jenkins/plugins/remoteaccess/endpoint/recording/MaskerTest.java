package io.jenkins.plugins.remoteaccess.endpoint.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class MaskerTest {
    private final ByteArrayOutputStream masked = new ByteArrayOutputStream();
    private final List<String> pieces = new ArrayList<>();

    /** What must come out: found letter by letter, with all of the text at hand. */
    private static String expected(String text, List<String> secrets) {
        boolean[] secret = new boolean[text.length()];
        for (String each : secrets) {
            for (int at = text.indexOf(each); at >= 0; at = text.indexOf(each, at + 1)) {
                Arrays.fill(secret, at, at + each.length(), true);
            }
        }
        StringBuilder masked = new StringBuilder();
        for (int at = 0; at < secret.length; at++) {
            if (!secret[at]) {
                masked.append(text.charAt(at));
            } else if (at == 0 || !secret[at - 1]) {
                masked.append("****");
            }
        }
        return masked.toString();
    }

    private void take(byte[] text, long at) {
        masked.writeBytes(text);
        pieces.add(at + ":" + new String(text, StandardCharsets.UTF_8));
    }

    private void write(Masker masker, String text, long at) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        masker.write(bytes, 0, bytes.length, at, this::take);
    }

    @Property(tries = 3_000)
    void whereverTheTextIsCutEachSecretIsMasked(
            @ForAll @Size(min = 1, max = 3)
                    List<@CharRange(from = 'a', to = 'c') @NotEmpty @StringLength(max = 5) String> secrets,
            @ForAll @CharRange(from = 'a', to = 'd') @StringLength(max = 60) String text,
            @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 60) Integer> cuts) {
        MaskerTest fresh = new MaskerTest();
        Masker masker = new Masker(secrets);
        int from = 0;
        for (int cut : cuts.stream().sorted().mapToInt(Math::toIntExact).toArray()) {
            int to = Math.max(from, Math.min(cut, text.length()));
            fresh.write(masker, text.substring(from, to), to);
            from = to;
        }
        fresh.write(masker, text.substring(from), text.length());
        masker.end(fresh::take);
        assertEquals(expected(text, secrets), fresh.masked.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatCannotBecomeASecretGoesOnAtOnce() {
        Masker masker = new Masker(List.of("hunter2"));
        write(masker, "$ make hu", 1);
        assertEquals(List.of("1:$ make "), pieces);
        write(masker, "m", 9);
        assertEquals(List.of("1:$ make ", "1:hu", "9:m"), pieces);
    }

    @Test
    void aSecretTypedLetterByLetterIsMaskedWhereItBegan() {
        Masker masker = new Masker(List.of("hunter2"));
        for (int at = 0; at < 7; at++) {
            write(masker, "hunter2".substring(at, at + 1), at);
        }
        write(masker, "!", 8);
        assertEquals(List.of("0:****", "8:!"), pieces);
    }

    @Test
    void lettersThatAreWrittenInSeveralBytesAreMaskedToo() {
        Masker masker = new Masker(List.of("pässwörd"));
        byte[] text = "x pässwörd y".getBytes(StandardCharsets.UTF_8);
        for (byte each : text) {
            masker.write(new byte[] {each}, 0, 1, 0, this::take);
        }
        masker.end(this::take);
        assertEquals("x **** y", masked.toString(StandardCharsets.UTF_8));
    }

    @Test
    void muchOutputIsMaskedInReasonableTime() {
        Masker masker = new Masker(List.of("a".repeat(4_000), "hunter2"));
        byte[] text = "a".repeat(32 * 1024).getBytes(StandardCharsets.US_ASCII);
        long began = System.nanoTime();
        for (int count = 0; count < 100; count++) {
            masker.write(text, 0, text.length, 0, this::take);
        }
        assertFalse(System.nanoTime() - began > 20_000_000_000L, "3 MB of the worst text take too long");
    }
}
