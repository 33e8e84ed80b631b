package io.jenkins.plugins.remoteaccess.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jenkins.agents.ControllerToAgentCallable;

/**
 * Removes what an endpoint leaves that was stopped: its recordings, and its directory when nothing else is in it.
 *
 * @param directory the endpoint's
 */
record RemoveRecordings(String directory) implements ControllerToAgentCallable<Boolean, IOException> {
    @Override
    public Boolean call() throws IOException {
        Path recordings = Path.of(directory, "recordings");
        if (!Files.isDirectory(recordings, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        StartEndpoint.remove(recordings);
        try (Stream<Path> others = Files.list(Path.of(directory))) {
            List<Path> left = others.toList();
            if (left.isEmpty()) {
                Files.delete(Path.of(directory));
            }
        }
        return true;
    }
}
