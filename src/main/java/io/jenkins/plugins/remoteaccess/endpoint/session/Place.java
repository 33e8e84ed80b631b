package io.jenkins.plugins.remoteaccess.endpoint.session;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where shells start: the failed step's directory and environment, and what is known of the step.
 *
 * @param directory where shells, commands and file transfers start
 * @param environment the step's whole environment, the build's cookie included; nothing of the agent's own is added to it
 * @param sensitive names of variables that only grants with {@link Grant#secrets()} get
 * @param build the build's full display name, for people
 * @param url the build's address in Jenkins
 * @param step the failed step's function name, such as {@code sh}
 * @param exitCode the failed step's exit status
 * @param script the failed step's script, which {@code remote-access rerun} runs
 * @param enclosure what the step ran inside of, where that is not the agent itself
 */
public record Place(
        Path directory,
        Map<String, String> environment,
        Set<String> sensitive,
        String build,
        Optional<String> url,
        Optional<String> step,
        Optional<Integer> exitCode,
        Optional<String> script,
        Optional<Enclosure> enclosure) {
    /** Copies the collections. */
    public Place {
        environment = Map.copyOf(environment);
        sensitive = Set.copyOf(sensitive);
    }

    /** This place with another environment. */
    public Place with(Map<String, String> other) {
        return new Place(directory, other, sensitive, build, url, step, exitCode, script, enclosure);
    }

    /** A place on the agent itself. */
    public Place(
            Path directory,
            Map<String, String> environment,
            Set<String> sensitive,
            String build,
            Optional<String> url,
            Optional<String> step,
            Optional<Integer> exitCode,
            Optional<String> script) {
        this(directory, environment, sensitive, build, url, step, exitCode, script, Optional.empty());
    }

    /** This place, its enclosure's folder replaced by the one below it that is called {@code name}. */
    public Place sharing(String name) {
        Optional<Enclosure> named =
                enclosure.map(inside -> inside.sharing(inside.shared().resolve(name)));
        return new Place(directory, environment, sensitive, build, url, step, exitCode, script, named);
    }

    /** The environment a shell of {@code grant} gets: without the sensitive variables where the grant leaves them out. */
    public Map<String, String> environmentFor(Grant grant) {
        Map<String, String> visible = new TreeMap<>(environment);
        if (!grant.secrets()) {
            visible.keySet().removeAll(sensitive);
        }
        return visible;
    }

    /** The names of sensitive variables that {@code grant} goes without, those included that were never told here. */
    public Set<String> withheldFrom(Grant grant) {
        Set<String> withheld = new TreeSet<>(sensitive);
        withheld.removeAll(environmentFor(grant).keySet());
        return withheld;
    }
}
