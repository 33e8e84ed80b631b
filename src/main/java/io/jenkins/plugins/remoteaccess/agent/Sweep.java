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
 * agent was away, has left; and removes the directories of those that were killed. Where the system does not tell processes' arguments
 * (Windows), the lease ends them, and nothing is removed.
 *
 * @param base the directory that endpoints of this agent have theirs in
 * @param known the ids of the endpoints that stay
 */
record Sweep(String base, Set<String> known) implements ControllerToAgentCallable<List<String>, IOException> {
    private static final long NEW_MILLIS = 60_000;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

    @Override
    public List<String> call() throws IOException {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            List<String> ended = processes
                    .flatMap(process -> unknown(process).stream().peek(id -> process.destroy()))
                    .toList();
            removeRemains(ended);
            return ended;
        }
    }

    /** What killed processes have left; those that end now remove their own, and what is new may be about to get its process. */
    private void removeRemains(List<String> ending) throws IOException {
        long old = System.currentTimeMillis() - NEW_MILLIS;
        File[] remains = new File(base)
                .listFiles(file ->
                        isUnknown(file.getName()) && !ending.contains(file.getName()) && file.lastModified() < old);
        for (File directory : remains == null || File.separatorChar == '\\' ? new File[0] : remains) {
            StartEndpoint.remove(directory.toPath());
        }
    }

    private boolean isUnknown(String id) {
        return ID.matcher(id).matches() && !known.contains(id);
    }

    private Optional<String> unknown(ProcessHandle process) {
        List<String> arguments = process.info().arguments().map(Arrays::asList).orElse(List.of());
        int serve = arguments.indexOf("serve");
        if (serve < 0 || serve + 1 >= arguments.size()) {
            return Optional.empty();
        }
        File directory = new File(arguments.get(serve + 1));
        return new File(base).equals(directory.getParentFile()) && isUnknown(directory.getName())
                ? Optional.of(directory.getName())
                : Optional.empty();
    }
}
