package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.model.AbstractBuild;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Run;
import java.util.Set;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/** In what a new build may differ from an earlier one of the same job, as far as Jenkins can tell. */
final class Differences {
    private Differences() {}

    /** Jobs other than Pipelines run as they are configured when they run. */
    static Stream<String> ofConfiguration(Run<?, ?> run) {
        long changed = run.getParent().getConfigFile().getFile().lastModified();
        return changed > run.getStartTimeInMillis() ? Stream.of(Messages.Differences_configuration()) : Stream.of();
    }

    /** The agent, with the tools that are installed there. */
    static Stream<String> ofAgent(AbstractBuild<?, ?> build) {
        Node ran = build.getBuiltOn();
        if (ran == null) {
            return Stream.of(Messages.Differences_agentGone(build.getBuiltOnStr()));
        }
        Label label = build.getProject().getAssignedLabel();
        boolean only = label == null
                ? onlyOneForAnything(ran)
                : label.getNodes().equals(Set.of(ran)) && label.getClouds().isEmpty();
        return only ? Stream.of() : Stream.of(Messages.Differences_agent(ran.getDisplayName()));
    }

    private static boolean onlyOneForAnything(Node ran) {
        Jenkins jenkins = Jenkins.get();
        return jenkins.clouds.isEmpty()
                && Stream.concat(Stream.of(jenkins), jenkins.getNodes().stream())
                        .filter(node -> node.getMode() == Node.Mode.NORMAL && node.getNumExecutors() > 0)
                        .allMatch(ran::equals);
    }
}
