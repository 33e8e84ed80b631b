package io.jenkins.plugins.remoteaccess.cli;

import hudson.AbortException;
import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.remoteaccess.gateway.Gateway;
import io.jenkins.plugins.remoteaccess.gateway.Passage;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;

/**
 * {@code tunnel-remote-access ID}: raw bytes between the client's standard streams and an endpoint, for {@code ProxyCommand}. This is how it
 * runs with {@code jenkins-cli.jar}; {@link TunnelSshCommandFactory} is the same over the controller's SSH.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class TunnelRemoteAccessCommand extends CLICommand {
    private static final int GONE = 1;

    static final String NAME = "tunnel-remote-access";

    @Argument(index = 0, metaVar = "ID", required = true, usage = "the endpoint, as list-remote-access names it")
    private String id;

    private InputStream raw;

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public String getShortDescription() {
        return Messages.TunnelRemoteAccessCommand_shortDescription();
    }

    /** Takes the client's input before it is buffered. */
    @Override
    public int main(List<String> args, Locale locale, InputStream stdin, PrintStream stdout, PrintStream stderr) {
        raw = stdin;
        return super.main(args, locale, stdin, stdout, stderr);
    }

    @Override
    protected int run() throws AbortException {
        StandardStreams streams = new StandardStreams(raw, stdout);
        try (Passage passage = Gateway.get().openOutwards(Caller.at(EndpointArgument.connecting(id)), streams)) {
            streams.pump(passage);
        } catch (Refusal refusal) {
            throw new AbortException(refusal.getMessage());
        } catch (InterruptedException gone) {
            // How Jenkins tells that the client is
            return GONE;
        }
        if (!streams.trouble().isEmpty()) {
            throw new AbortException(streams.trouble());
        }
        return 0;
    }
}
