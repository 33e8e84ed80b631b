package io.jenkins.plugins.remoteaccess.agent;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where shells start, as the controller tells the endpoint. Holds secrets: never stored, never logged.
 *
 * @param directory the failed step's directory on the agent
 * @param environment the failed step's whole environment
 * @param sensitive names of the variables that hold secrets
 * @param build the build's display name, for people
 * @param url the build's address; empty when Jenkins does not know its own
 * @param step the failed step, as far as it is known
 * @param enclosure what the step ran inside of, where that is not the agent itself
 */
public record Place(
        String directory,
        Map<String, String> environment,
        Set<String> sensitive,
        String build,
        String url,
        Optional<FailedStep> step,
        Optional<Enclosure> enclosure) {
    /** The variable by which Jenkins' clean-up at the end of a {@code node} finds what to kill. */
    public static final String COOKIE = "JENKINS_NODE_COOKIE";

    /** The cookie of the {@code node} this place is in; empty when there is none. */
    public String cookie() {
        return environment.getOrDefault(COOKIE, "");
    }

    /** This place with another failed step. */
    public Place with(Optional<FailedStep> failed) {
        return new Place(directory, environment, sensitive, build, url, failed, enclosure);
    }

    /** Leaves the environment out, so that no log shows it. */
    @Override
    public String toString() {
        return "Place[" + build + ", " + directory + "]";
    }
}
