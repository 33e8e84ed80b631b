package io.jenkins.plugins.remoteaccess.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import jenkins.agents.ControllerToAgentCallable;

/**
 * Asks an agent whether the program lies there as it was shipped.
 *
 * @param program the program's directory
 * @param jars its jars and their SHA-256 hashes in hex
 */
record ProgramIntact(String program, Map<String, String> jars)
        implements ControllerToAgentCallable<Boolean, IOException> {
    @Override
    public Boolean call() throws IOException {
        return ProgramCheck.intact(Path.of(program), jars);
    }
}
