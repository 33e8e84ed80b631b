package io.jenkins.plugins.remoteaccess.endpoint.session;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the step ran inside of, such as a container, and how one gets in.
 *
 * @param words what stands before a command for it to run inside; empty when it is {@link #relayed}
 * @param options where in {@code words} options of a container engine's {@code exec} go, such as {@code -t}; empty for anything else
 * @param variables names of the step's variables that such an engine passes in; anything else passes its whole environment
 * @param shared a folder of the agent that is very likely seen inside under the same name
 */
public record Enclosure(List<String> words, Optional<Integer> options, Set<String> variables, Path shared) {
    private static final int SHOWN = 12;

    /** Copies the collections. */
    public Enclosure {
        words = List.copyOf(words);
        variables = Set.copyOf(variables);
    }

    /** Whether the controller alone gets in, and has started something there which takes commands from {@link #shared}. */
    public boolean relayed() {
        return words.isEmpty();
    }

    /** The same with another folder. */
    Enclosure sharing(Path folder) {
        return new Enclosure(words, options, variables, folder);
    }

    /**
     * The words before a command.
     *
     * @param flags options of the engine's {@code exec}, where this is one
     * @param passed names of variables that go in; their values are taken from the environment, so that no command line shows them
     */
    public List<String> entry(List<String> flags, Collection<String> passed) {
        List<String> entry = new ArrayList<>(words);
        if (options.isPresent()) {
            List<String> more = new ArrayList<>(flags);
            passed.forEach(name -> more.addAll(List.of("--env", name)));
            entry.addAll(options.get(), more);
        }
        return entry;
    }

    /** What a person is told of it; nothing of the words but names, since there may be anything among them. */
    public String description() {
        if (relayed()) {
            return "where only Jenkins gets in; shells end when Jenkins restarts";
        }
        String program = name(words.get(0));
        String last = words.get(words.size() - 1);
        return options.isPresent()
                ? program + " container " + (last.length() > SHOWN ? last.substring(0, SHOWN) : last)
                : "what " + program + " starts";
    }

    private static String name(String program) {
        return program.substring(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1);
    }
}
