package io.jenkins.plugins.remoteaccess.page;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import java.util.Collection;
import java.util.List;
import jenkins.model.Tab;
import jenkins.model.TransientActionFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Gives every build its {@link RemoteAccessTab}; asked often, so it does nothing but that. */
@Extension
@Restricted(NoExternalUse.class)
@SuppressWarnings("rawtypes") // as TransientActionFactory wants it
public final class RemoteAccessTabFactory extends TransientActionFactory<Run> {
    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return Tab.class;
    }

    @Override
    public Collection<? extends Action> createFor(Run run) {
        return List.of(new RemoteAccessTab(run));
    }
}
