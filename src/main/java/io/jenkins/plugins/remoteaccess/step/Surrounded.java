package io.jenkins.plugins.remoteaccess.step;

import hudson.EnvVars;
import io.jenkins.plugins.remoteaccess.agent.Enclosure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads from what became of a command how one gets where the step ran. A container engine's {@code exec} gets the step's variables on its
 * command line; they are taken out of it, and only their names are kept.
 */
final class Surrounded {
    private static final Set<String> ENGINES = Set.of("docker", "podman", "nerdctl");
    private static final Set<String> VARIABLE_OPTIONS = Set.of("--env", "-e");

    private final EnvVars environment;
    private final Collection<String> secrets;
    private final String shared;

    /**
     * A reader for a step.
     *
     * @param environment the step's, which the command was launched with
     * @param secrets values that must not be on a command line
     * @param shared see {@link Enclosure#shared}
     */
    Surrounded(EnvVars environment, Collection<String> secrets, String shared) {
        this.environment = environment;
        this.secrets = secrets;
        this.shared = shared;
    }

    /** A step that only the controller can start something beside. */
    Enclosure relayed() {
        return new Enclosure(List.of(), OptionalInt.empty(), Set.of(), shared);
    }

    /** What {@code seen} makes of the words before {@code command}; {@link #relayed} where there is more to it than words before it. */
    Enclosure read(List<String> seen, List<String> command) {
        int length = seen.size() - command.size();
        if (length < 0 || !seen.subList(length, seen.size()).equals(command)) {
            return relayed();
        }
        List<String> words = seen.subList(0, length);
        Enclosure enclosure = engine(words) ? exec(words) : enclosure(words, OptionalInt.empty(), Set.of());
        return enclosure.words().stream().anyMatch(this::tells) ? relayed() : enclosure;
    }

    /** Expanded as launchers do it on their way to the agent: what is "$$" by now is a dollar there. */
    private Enclosure enclosure(List<String> words, OptionalInt options, Set<String> variables) {
        return new Enclosure(words.stream().map(environment::expand).toList(), options, variables, shared);
    }

    private static boolean engine(List<String> words) {
        if (words.isEmpty()) {
            return false;
        }
        String program = words.get(0);
        return ENGINES.contains(program.substring(program.lastIndexOf('/') + 1)) && words.contains("exec");
    }

    private Enclosure exec(List<String> words) {
        List<String> kept = new ArrayList<>();
        Set<String> variables = new TreeSet<>();
        for (String word : words) {
            String assignment = word.startsWith("--env=") ? word.substring("--env=".length()) : word;
            if (!given(assignment)) {
                kept.add(word);
                continue;
            }
            variables.add(assignment.substring(0, assignment.indexOf('=')));
            int last = kept.size() - 1;
            if (assignment.equals(word) && VARIABLE_OPTIONS.contains(kept.get(last))) {
                kept.remove(last);
            }
        }
        return enclosure(kept, OptionalInt.of(kept.indexOf("exec") + 1), variables);
    }

    private boolean given(String word) {
        int equals = word.indexOf('=');
        return equals > 0 && word.substring(equals + 1).equals(environment.get(word.substring(0, equals)));
    }

    private boolean tells(String word) {
        return secrets.stream().anyMatch(secret -> !secret.isEmpty() && word.contains(secret));
    }
}
