package io.jenkins.plugins.remoteaccess.cli;

import hudson.AbortException;
import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;

/** {@code extend-remote-access ID MINUTES}: moves the deadline of a hold, and prints the new one. */
@Extension
@Restricted(NoExternalUse.class)
public final class ExtendRemoteAccessCommand extends CLICommand {
    @Argument(index = 0, metaVar = "ID", required = true, usage = "the endpoint, as list-remote-access names it")
    private String id;

    @Argument(index = 1, metaVar = "MINUTES", required = true, usage = "how many minutes more, at least 1")
    private int minutes;

    @Override
    public String getShortDescription() {
        return Messages.ExtendRemoteAccessCommand_shortDescription();
    }

    @Override
    protected int run() throws AbortException {
        if (minutes < 1) {
            throw new IllegalArgumentException(Messages.ExtendRemoteAccessCommand_minutes(Integer.toString(minutes)));
        }
        try {
            Instant deadline = EndpointArgument.controlled(id).extend(minutes, EndpointArgument.caller());
            stdout.println(deadline.truncatedTo(ChronoUnit.SECONDS));
        } catch (Refusal refusal) {
            throw new AbortException(refusal.getMessage());
        }
        return 0;
    }
}
