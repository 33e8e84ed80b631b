package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.session.Enclosure;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code place} of a message. */
final class Places {
    private static final int VARIABLES = 10_000;
    private static final int LONGEST_VALUE = 1 << 20;
    private static final int LONGEST_NAME = 4_096;
    private static final int WORDS = 1_000;
    private static final int LONGEST_WORD = 65_536;
    private static final int SHOWN = 100;

    private Places() {}

    static Place of(Members members) throws BadMessage {
        Map<String, String> environment = members.textByName("environment", VARIABLES, LONGEST_VALUE);
        // No environment of any system can hold these, so the step did not have them either
        environment.entrySet().removeIf(entry -> impossible(entry.getKey(), entry.getValue()));
        Optional<Long> exitCode = members.optionalNumber("exitCode", Integer.MIN_VALUE, 0xFFFF_FFFFL);
        return new Place(
                Configuration.absolute(members, "directory"),
                environment,
                new LinkedHashSet<>(members.texts("sensitive", VARIABLES, LONGEST_NAME)),
                members.text("build", LONGEST_NAME),
                members.optionalText("url", LONGEST_NAME),
                members.optionalText("step", LONGEST_NAME),
                exitCode.map(Long::intValue),
                members.optionalText("script", LONGEST_VALUE),
                enclosure(members));
    }

    private static Optional<Enclosure> enclosure(Members place) throws BadMessage {
        Optional<Members> found = place.optionalObject("inside");
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Members members = found.get();
        List<String> words = members.texts("words", WORDS, LONGEST_WORD);
        if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw members.wrong("words", "must not contain the character 0", words);
        }
        return Optional.of(new Enclosure(
                words,
                members.optionalNumber("options", 1, words.size()).map(Long::intValue),
                new LinkedHashSet<>(members.texts("variables", VARIABLES, LONGEST_NAME)),
                Configuration.absolute(members, "shared")));
    }

    private static boolean impossible(String name, String value) {
        return name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0;
    }

    /** {@code text} short and harmless enough for an error's sentence. */
    static String shown(String text) {
        return EventLog.clean(text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text);
    }
}
