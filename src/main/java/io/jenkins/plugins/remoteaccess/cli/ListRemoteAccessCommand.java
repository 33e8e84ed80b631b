package io.jenkins.plugins.remoteaccess.cli;

import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * {@code list-remote-access}: a line for each endpoint the caller may connect to or manage, of six fields separated by tabs: id, build,
 * agent, state, until when ({@code -} while nothing is held) and who is connected ({@code -} for nobody). Fields never contain tabs.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class ListRemoteAccessCommand extends CLICommand {
    @Override
    public String getShortDescription() {
        return Messages.ListRemoteAccessCommand_shortDescription();
    }

    @Override
    protected int run() {
        Endpoints.get().all().stream()
                .filter(endpoint -> Caller.at(endpoint).sees())
                .map(ListRemoteAccessCommand::line)
                .forEach(stdout::println);
        return 0;
    }

    private static String line(Endpoint endpoint) {
        return List.of(
                        endpoint.id(),
                        endpoint.run().getExternalizableId(),
                        endpoint.node().isEmpty() ? "(built-in)" : endpoint.node(),
                        endpoint.state().name(),
                        until(endpoint),
                        connected(endpoint))
                .stream()
                .map(ListRemoteAccessCommand::field)
                .collect(Collectors.joining("\t"));
    }

    private static String until(Endpoint endpoint) {
        return endpoint.deadline()
                .map(deadline -> deadline.truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse("-");
    }

    private static String connected(Endpoint endpoint) {
        String users = endpoint.connections().stream()
                .map(Snapshot.Connection::user)
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
        return users.isEmpty() ? "-" : users;
    }

    /** Control characters could move a terminal's cursor, and tabs would look like fields. */
    private static String field(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }
}
