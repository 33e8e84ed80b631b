package io.jenkins.plugins.remoteaccess.cli;

import hudson.Extension;
import org.apache.sshd.server.command.Command;
import org.jenkinsci.main.modules.sshd.SshCommandFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Takes {@code tunnel-remote-access} over the controller's SSH before Jenkins' own adapter does: that one copies through blocking pipes on a
 * thread of its own, which does not end with its client.
 */
@Extension(ordinal = 100)
@Restricted(NoExternalUse.class)
public final class TunnelSshCommandFactory extends SshCommandFactory {
    @Override
    public Command create(CommandLine commandLine) {
        boolean ours = !commandLine.isEmpty() && commandLine.get(0).equals(TunnelRemoteAccessCommand.NAME);
        return ours ? new TunnelSshCommand(commandLine.subList(1, commandLine.size())) : null;
    }
}
