package io.jenkins.plugins.remoteaccess.endpoint;

import io.jenkins.plugins.remoteaccess.endpoint.inside.EndpointDirectory;
import io.jenkins.plugins.remoteaccess.endpoint.inside.RequestWatcher;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Rerun;
import io.jenkins.plugins.remoteaccess.endpoint.inside.SessionCommand;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.Insides;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * A second directory of the endpoint, in the workspace's temporary one, for what a step ran inside of: containers see that one and not the
 * first. It holds the {@code remote-access} command, what is asked by it, the failed step's script, and the relay.
 */
final class SharedFolder implements AutoCloseable {
    private final String name;
    private final Function<EndpointDirectory, RequestWatcher> watch;
    private Path parent;
    private EndpointDirectory directory;
    private RequestWatcher watcher;

    /**
     * Nothing until there is a place that needs it.
     *
     * @param name the directory's name, which no other endpoint has
     * @param watch looks for requests in it
     */
    SharedFolder(String name, Function<EndpointDirectory, RequestWatcher> watch) {
        this.name = name;
        this.watch = watch;
    }

    /** Makes it, or what has changed of it, and answers {@code place} with its path; removes it where {@code place} is the agent itself. */
    synchronized Place prepare(Place place) throws IOException {
        Optional<Path> wanted = place.enclosure().map(inside -> inside.shared());
        if (!wanted.equals(Optional.ofNullable(parent))) {
            close();
            if (wanted.isEmpty()) {
                return place;
            }
            open(wanted.get());
        }
        if (directory == null) {
            return place;
        }
        new Rerun(directory).prepare(place);
        return place.sharing(name);
    }

    private void open(Path within) throws IOException {
        directory = EndpointDirectory.prepare(within.resolve(name));
        parent = within;
        SessionCommand.install(directory);
        Insides.install(directory.root(), directory.binaries(), directory.temporary());
        watcher = watch.apply(directory);
    }

    @Override
    public synchronized void close() throws IOException {
        if (watcher != null) {
            watcher.close();
        }
        EndpointDirectory made = directory;
        parent = null;
        directory = null;
        watcher = null;
        if (made != null) {
            made.remove();
        }
    }
}
