package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.session.Bind;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an endpoint is told once, through its standard input.
 *
 * @param id the endpoint's name in this Jenkins
 * @param token what every control request must carry
 * @param control where the control socket goes, absolute
 * @param hostKey PKCS #8
 * @param bind where to listen
 * @param lease how long to go on after the last control request
 * @param grants who is let in at first
 * @param place where shells start at first
 */
public record Configuration(
        String id,
        String token,
        Path control,
        byte[] hostKey,
        Bind bind,
        Duration lease,
        GrantList grants,
        Place place) {
    private static final int LARGEST = 4 << 20;
    private static final int LONGEST = 4_096;
    private static final int SHORTEST_TOKEN = 16;
    private static final long LONGEST_LEASE = 7 * 24 * 3_600;
    private static final int LAST_PORT = 65_535;
    private static final Pattern PORTS = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    /** Reads {@code in} to its end, at most 4 MiB. */
    public static Configuration read(InputStream in) throws BadMessage, IOException {
        byte[] json = in.readNBytes(LARGEST + 1);
        if (json.length > LARGEST) {
            throw new BadMessage("the configuration must be at most " + LARGEST + " bytes");
        }
        return of(json);
    }

    static Configuration of(byte[] json) throws BadMessage {
        Members members = Members.read(json);
        Version.check(members);
        String id = members.text("id", 64);
        if (!id.matches("[A-Za-z0-9_-]+")) {
            throw members.wrong("id", "must consist of letters, digits, - and _", null);
        }
        String token = members.text("token", LONGEST);
        if (token.length() < SHORTEST_TOKEN) {
            throw members.wrong("token", "must be at least " + SHORTEST_TOKEN + " characters", null);
        }
        return new Configuration(
                id,
                token,
                absolute(members, "control"),
                base64(members, "hostKey"),
                bind(members.object("bind")),
                Duration.ofSeconds(members.number("leaseSeconds", 1, LONGEST_LEASE)),
                GrantList.of(members),
                Places.of(members.object("place")));
    }

    static Path absolute(Members members, String name) throws BadMessage {
        String text = members.text(name, LONGEST);
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            throw members.wrong(name, "must be a path: " + e.getReason(), text);
        }
        throw members.wrong(name, "must be an absolute path, was '" + Places.shown(text) + "'", null);
    }

    private static byte[] base64(Members members, String name) throws BadMessage {
        try {
            return Base64.getDecoder().decode(members.text(name, LONGEST));
        } catch (IllegalArgumentException e) {
            throw members.wrong(name, "must be base64", "");
        }
    }

    private static Bind bind(Members members) throws BadMessage {
        String ports = members.text("ports", LONGEST);
        Matcher range = PORTS.matcher(ports);
        int first = range.matches() ? Integer.parseInt(range.group(1)) : -1;
        int last = range.matches() && range.group(2) != null ? Integer.parseInt(range.group(2)) : first;
        boolean any = first == 0 && last == 0;
        if (!any && (first < 1 || last < first || last > LAST_PORT)) {
            throw members.wrong(
                    "ports",
                    "must be 0, a port, or a range such as 20000-20100, was '" + Places.shown(ports) + "'",
                    null);
        }
        int preferred =
                members.optionalNumber("preferredPort", 0, LAST_PORT).orElse(0L).intValue();
        return new Bind(members.text("address", LONGEST), first, last, preferred);
    }

    /** Without token, key and environment. */
    @Override
    public String toString() {
        return "endpoint " + id + " at " + bind;
    }
}
