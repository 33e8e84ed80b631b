package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.model.Cause;
import hudson.model.Run;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;

/** Says that a build was started to be held, and from which build. Who pressed is in the {@link Cause.UserIdCause} beside it. */
@Restricted(NoExternalUse.class)
public final class RemoteAccessCause extends Cause {
    private final String build;

    /** A new build that repeats {@code original}; null for one that repeats none. */
    RemoteAccessCause(Run<?, ?> original) {
        build = original == null ? "" : original.getExternalizableId();
    }

    /** The build that is repeated; null when it has been deleted or there is none. */
    public Run<?, ?> getOriginal() {
        return build.isEmpty() ? null : Run.fromExternalizableId(build);
    }

    /** The number of the build that is repeated; 0 for none. */
    @Exported(visibility = 3)
    public int getOriginalNumber() {
        Run<?, ?> original = getOriginal();
        return original == null ? 0 : original.getNumber();
    }

    @Override
    public String getShortDescription() {
        Run<?, ?> original = getOriginal();
        return original == null
                ? Messages.RemoteAccessCause_first()
                : Messages.RemoteAccessCause_again(original.getDisplayName());
    }
}
