package io.jenkins.plugins.remoteaccess.agent;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.agents.ControllerToAgentCallable;

/**
 * Ends, on an agent that came online, the endpoints that this controller does not know: what a crash, or a build that ended while the
 * agent was away, has left. Where the system does not tell processes' arguments (Windows), their lease ends them.
 *
 * @param base the directory that endpoints of this agent have theirs in
 * @param known the ids of the endpoints that stay
 */
record Sweep(String base, Set<String> known) implements ControllerToAgentCallable<List<String>, IOException> {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

    @Override
    public List<String> call() {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            return processes
                    .flatMap(process -> unknown(process).stream().peek(id -> process.destroy()))
                    .toList();
        }
    }

    private Optional<String> unknown(ProcessHandle process) {
        List<String> arguments = process.info().arguments().map(Arrays::asList).orElse(List.of());
        int serve = arguments.indexOf("serve");
        if (serve < 0 || serve + 1 >= arguments.size()) {
            return Optional.empty();
        }
        File directory = new File(arguments.get(serve + 1));
        return new File(base).equals(directory.getParentFile())
                        && ID.matcher(directory.getName()).matches()
                        && !known.contains(directory.getName())
                ? Optional.of(directory.getName())
                : Optional.empty();
    }
}
