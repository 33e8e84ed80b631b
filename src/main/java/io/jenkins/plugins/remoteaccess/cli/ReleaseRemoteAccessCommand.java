package io.jenkins.plugins.remoteaccess.cli;

import hudson.AbortException;
import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;

/** {@code release-remote-access ID OUTCOME}: ends a hold. */
@Extension
@Restricted(NoExternalUse.class)
public final class ReleaseRemoteAccessCommand extends CLICommand {
    @Argument(index = 0, metaVar = "ID", required = true, usage = "the endpoint, as list-remote-access names it")
    private String id;

    @Argument(
            index = 1,
            metaVar = "OUTCOME",
            required = true,
            usage =
                    "fail: the failure goes on; retry: it runs again; continue: the failure is waived, the build becomes unstable")
    private String outcome;

    @Override
    public String getShortDescription() {
        return Messages.ReleaseRemoteAccessCommand_shortDescription();
    }

    @Override
    protected int run() throws AbortException {
        Outcome chosen = Outcome.named(outcome)
                .orElseThrow(() -> new IllegalArgumentException(Messages.ReleaseRemoteAccessCommand_outcome(outcome)));
        try {
            EndpointArgument.controlled(id).release(chosen, EndpointArgument.caller());
        } catch (Refusal refusal) {
            throw new AbortException(refusal.getMessage());
        }
        return 0;
    }
}
