package io.jenkins.plugins.remoteaccess.endpoint.recording;

import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/** The shapes in which the build's secret values may appear in output: best effort, since a program can print them in any other. */
final class Secrets {
    /** Shorter values would mask half of what is readable, and are guessed in no time. */
    static final int SHORTEST = 3;

    /** A line of a key or certificate; terminals show its lines with line ends of their own. */
    private static final int SHORTEST_LINE = 6;

    private static final int SHORTEST_BASE64 = 8;
    private static final int LONGEST = 64 * 1024;
    private static final int BASE64_BITS = 6;

    private Secrets() {}

    /** The values of the sensitive variables, their single lines, and both of them in base64 and as part of a URL. */
    static Set<String> of(Place place) {
        Set<String> shapes = new LinkedHashSet<>();
        place.sensitive().stream()
                .map(place.environment()::get)
                .filter(Objects::nonNull)
                .forEach(value -> add(shapes, value));
        return shapes;
    }

    private static void add(Set<String> shapes, String value) {
        String trimmed = value.strip();
        if (trimmed.length() < SHORTEST) {
            return;
        }
        if (trimmed.length() <= LONGEST) {
            shapes.add(trimmed);
            shapes.add(URLEncoder.encode(trimmed, StandardCharsets.UTF_8));
            addBase64(shapes, trimmed.getBytes(StandardCharsets.UTF_8));
        }
        trimmed.lines()
                .map(String::strip)
                .filter(line -> line.length() >= SHORTEST_LINE && line.length() <= LONGEST)
                .forEach(shapes::add);
    }

    /** What base64 makes of it wherever it stands in a longer text, as in {@code user:password}: the letters that hold nothing else. */
    private static void addBase64(Set<String> shapes, byte[] value) {
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + value.length];
            System.arraycopy(value, 0, shifted, before, value.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            int first = (before * Byte.SIZE + BASE64_BITS - 1) / BASE64_BITS;
            int last = shifted.length * Byte.SIZE / BASE64_BITS;
            if (last - first >= SHORTEST_BASE64) {
                String sure = encoded.substring(first, last);
                shapes.add(sure);
                shapes.add(sure.replace('+', '-').replace('/', '_'));
            }
        }
    }
}
