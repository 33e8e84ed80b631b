package io.jenkins.plugins.remoteaccess.agent;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a step ran inside of, such as a container, and how the endpoint gets in.
 *
 * @param words what the step's launcher puts before a command; empty when only the controller gets in
 * @param options where among {@code words} options of a container engine's {@code exec} go; empty for anything else
 * @param variables names of the step's variables that such an engine passes in
 * @param shared a folder of the agent that is very likely seen inside under the same name
 */
public record Enclosure(List<String> words, OptionalInt options, Set<String> variables, String shared) {
    /** Whether the controller has to start something inside for the endpoint to get in. */
    public boolean relayed() {
        return words.isEmpty();
    }

    /** Leaves the words out: whoever wrote the launcher may have put anything there. */
    @Override
    public String toString() {
        return "Enclosure[" + shared + "]";
    }
}
