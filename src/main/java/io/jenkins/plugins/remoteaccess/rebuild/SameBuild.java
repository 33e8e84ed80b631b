package io.jenkins.plugins.remoteaccess.rebuild;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Knows for one kind of project what makes a new build the same as an earlier one, and how it is marked to be held. */
public interface SameBuild extends ExtensionPoint {
    /** Whether {@code job} is of this kind. */
    boolean knows(Job<?, ?> job);

    /** The mark for a build of this kind. */
    default RemoteAccessMark mark(HoldPlan plan) {
        return new RemoteAccessMark(plan);
    }

    /**
     * What a new build carries beside its parameters and causes to run what {@code run} ran. Not called under a lock; may read files.
     *
     * @throws IOException with a sentence for people, when the build cannot be repeated
     */
    List<Action> pins(Run<?, ?> run) throws IOException;

    /** In what a new build may yet differ, a sentence each; empty when in nothing that is known. */
    List<String> differences(Run<?, ?> run);

    /** The one that knows {@code job}. */
    static Optional<SameBuild> of(Job<?, ?> job) {
        return ExtensionList.lookup(SameBuild.class).stream()
                .filter(known -> known.knows(job))
                .findFirst();
    }
}
