package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The command line of {@code hold}.
 *
 * @param minutes how long to hold, 1 to 1,440
 * @param authorizedKeys the file of public keys to let in, where one is named
 * @param command what to run, with its arguments; never empty
 */
record HoldOptions(int minutes, Optional<Path> authorizedKeys, List<String> command) {
    /** A day: whoever needs longer starts anew. */
    static final int LONGEST = 1_440;

    private static final int DEFAULT = 60;

    static HoldOptions parse(List<String> arguments) throws BadOption {
        int minutes = DEFAULT;
        Optional<Path> authorizedKeys = Optional.empty();
        int command = arguments.indexOf("--") + 1;
        if (command == 0 || command == arguments.size()) {
            throw new BadOption("the command to run must follow after --, such as: hold -- make test");
        }
        Iterator<String> words = arguments.subList(0, command - 1).iterator();
        while (words.hasNext()) {
            String option = words.next();
            switch (option) {
                case "--minutes" -> minutes = minutes(value(option, words));
                case "--authorized-keys" -> authorizedKeys = Optional.of(path(value(option, words)));
                default -> throw new BadOption("no such option: " + option + "; the command goes after --");
            }
        }
        return new HoldOptions(minutes, authorizedKeys, List.copyOf(arguments.subList(command, arguments.size())));
    }

    private static String value(String option, Iterator<String> words) throws BadOption {
        if (!words.hasNext()) {
            throw new BadOption(option + " needs a value");
        }
        return words.next();
    }

    private static int minutes(String text) throws BadOption {
        int minutes = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (minutes < 1 || minutes > LONGEST) {
            throw new BadOption("--minutes must be a whole number from 1 to " + LONGEST + ", was " + text);
        }
        return minutes;
    }

    private static Path path(String text) throws BadOption {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new BadOption("--authorized-keys must be a file: " + e.getMessage());
        }
    }
}
