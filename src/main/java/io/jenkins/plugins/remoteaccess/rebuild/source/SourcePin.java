package io.jenkins.plugins.remoteaccess.rebuild.source;

import hudson.ExtensionPoint;
import hudson.model.Action;
import hudson.model.Run;
import hudson.scm.SCM;
import java.util.Optional;

/** Knows for one kind of source control how a new build checks out what an earlier one did. */
public interface SourcePin extends ExtensionPoint {
    /**
     * The revision of {@code run}, in the form in which {@code scm} finds it on a new build; empty when {@code scm} is of another kind, or
     * the revision is not known. Not called under a lock; may read files.
     */
    Optional<Pin> pin(SCM scm, Run<?, ?> run);

    /**
     * A revision.
     *
     * @param action what the new build carries
     * @param merged whether the build was not of that revision itself but of a merge of it, which is made anew
     */
    record Pin(Action action, boolean merged) {}
}
