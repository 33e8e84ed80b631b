package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.Extension;
import hudson.model.AbstractBuild;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Project;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import io.jenkins.plugins.remoteaccess.rebuild.SameBuild;
import io.jenkins.plugins.remoteaccess.rebuild.source.Sources;
import java.util.List;
import java.util.stream.Stream;

/** Repeats builds of projects with builders. */
@Extension
public final class FreestyleRebuild implements SameBuild {
    @Override
    public boolean knows(Job<?, ?> job) {
        return job instanceof Project && job instanceof TopLevelItem;
    }

    @Override
    public List<Action> pins(Run<?, ?> run) {
        return new Sources(run).pins();
    }

    @Override
    public List<String> differences(Run<?, ?> run) {
        Stream<String> agent = run instanceof AbstractBuild<?, ?> build ? Differences.ofAgent(build) : Stream.of();
        return Stream.of(new Sources(run).differences().stream(), Differences.ofConfiguration(run), agent)
                .flatMap(sentences -> sentences)
                .toList();
    }
}
