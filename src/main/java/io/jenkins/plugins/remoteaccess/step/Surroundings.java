package io.jenkins.plugins.remoteaccess.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Node;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.agent.Place;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Reads from a step's context where its build stands; each call works it out anew, as a restart of the controller demands. */
final class Surroundings {
    private final StepContext context;

    Surroundings(StepContext context) {
        this.context = context;
    }

    /** The directory, environment and secrets here; {@code step} is what failed, in {@code directory} when that is given. */
    Place place(Optional<FailedStep> step, Optional<String> directory) throws IOException, InterruptedException {
        Run<?, ?> run = need(Run.class);
        EnvVars environment = need(EnvVars.class);
        EnvironmentExpander expander = context.get(EnvironmentExpander.class);
        Set<String> sensitive = expander == null ? Set.of() : Set.copyOf(expander.getSensitiveVariables());
        FilePath workspace = need(FilePath.class);
        // Made by the first step that needs it, which may be still to come
        workspace.mkdirs();
        String root = Jenkins.get().getRootUrl();
        return new Place(
                directory.orElse(workspace.getRemote()),
                environment,
                sensitive,
                run.getFullDisplayName(),
                root == null ? "" : root + run.getUrl(),
                step);
    }

    /** The agent's name; empty for the built-in node. */
    String node() throws IOException, InterruptedException {
        return need(Node.class).getNodeName();
    }

    /** Whether the workspace is missing or empty: somebody has cleaned up before the hold. */
    boolean emptied() throws IOException, InterruptedException {
        FilePath workspace = need(FilePath.class);
        return !workspace.exists() || workspace.list().isEmpty();
    }

    private <T> T need(Class<T> type) throws IOException, InterruptedException {
        T found = context.get(type);
        if (found == null) {
            throw new IOException("the agent is offline or the build has left it");
        }
        return found;
    }
}
