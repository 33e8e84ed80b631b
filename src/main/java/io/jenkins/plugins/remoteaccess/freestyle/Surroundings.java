package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Computer;
import hudson.model.Node;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.agent.Place;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;

/** Where a build stands on its agent, as its next builder would see it. On the executor's thread. */
final class Surroundings {
    private final AbstractBuild<?, ?> build;
    private final BuildListener listener;

    Surroundings(AbstractBuild<?, ?> build, BuildListener listener) {
        this.build = build;
        this.listener = listener;
    }

    /** The agent's name; empty for the built-in node. */
    String node() {
        return build.getBuiltOnStr();
    }

    /** The variables a shell builder would be given: those of the build, its wrappers and its agent, and its parameters. */
    EnvVars variables() throws IOException, InterruptedException {
        EnvVars variables = build.getEnvironment(listener);
        variables.putAll(build.getBuildVariables());
        return variables;
    }

    /**
     * The workspace, with {@code variables} above those of the agent. Jenkins kills by the variables of the build among them what is left
     * of it when its builders have ended.
     */
    Place place(EnvVars variables, Optional<FailedStep> failed) throws IOException, InterruptedException {
        FilePath workspace = build.getWorkspace();
        Node node = build.getBuiltOn();
        Computer computer = node == null ? null : node.toComputer();
        if (workspace == null || computer == null || computer.getChannel() == null) {
            throw new IOException("the agent is offline");
        }
        EnvVars environment = computer.getEnvironment();
        // That of a build which happens to run this agent
        environment.remove(Place.COOKIE);
        environment.overrideExpandingAll(variables);
        Set<String> sensitive = new HashSet<>(build.getSensitiveBuildVariables());
        // What is missing where shells start counts as withheld
        sensitive.retainAll(environment.keySet());
        String root = Jenkins.get().getRootUrl();
        return new Place(
                workspace.getRemote(),
                environment,
                sensitive,
                build.getFullDisplayName(),
                root == null ? "" : root + build.getUrl(),
                failed,
                Optional.empty());
    }
}
