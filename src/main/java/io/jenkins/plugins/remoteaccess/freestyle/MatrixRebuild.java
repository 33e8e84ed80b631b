package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.Extension;
import hudson.matrix.MatrixProject;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import io.jenkins.plugins.remoteaccess.rebuild.SameBuild;
import io.jenkins.plugins.remoteaccess.rebuild.source.Sources;
import java.util.List;
import java.util.stream.Stream;

/** Repeats Matrix builds, where that plugin is there: all configurations that the project's filter lets through. */
@Extension(optional = true)
public final class MatrixRebuild implements SameBuild {
    @Override
    public boolean knows(Job<?, ?> job) {
        return job instanceof MatrixProject;
    }

    @Override
    public RemoteAccessMark mark(HoldPlan plan) {
        return new MatrixMark(plan);
    }

    @Override
    public List<Action> pins(Run<?, ?> run) {
        return new Sources(run).pins();
    }

    @Override
    public List<String> differences(Run<?, ?> run) {
        return Stream.concat(new Sources(run).differences().stream(), Differences.ofConfiguration(run))
                .toList();
    }
}
