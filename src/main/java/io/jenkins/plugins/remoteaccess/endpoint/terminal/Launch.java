package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to start, and as what.
 *
 * @param command the program and its arguments
 * @param environment the whole environment; nothing of this process's own is added
 * @param directory where it starts; must exist
 */
public record Launch(List<String> command, Map<String, String> environment, Path directory) {
    /** Copies the collections. */
    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
