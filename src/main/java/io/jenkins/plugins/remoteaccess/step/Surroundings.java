package io.jenkins.plugins.remoteaccess.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.LauncherDecorator;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.slaves.WorkspaceList;
import io.jenkins.plugins.remoteaccess.agent.Enclosure;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Reads from a step's context where its build stands; each call works it out anew, as a restart of the controller demands. */
final class Surroundings {
    private static final Logger LOGGER = Logger.getLogger(Surroundings.class.getName());

    private final StepContext context;

    Surroundings(StepContext context) {
        this.context = context;
    }

    /** The directory, environment and secrets here; {@code step} is what failed, in {@code directory} when that is given. */
    Place place(Optional<FailedStep> step, Optional<String> directory) throws IOException, InterruptedException {
        Run<?, ?> run = need(Run.class);
        EnvVars all = need(EnvVars.class);
        EnvironmentExpander expander = context.get(EnvironmentExpander.class);
        Set<String> sensitive = new HashSet<>(expander == null ? Set.of() : expander.getSensitiveVariables());
        sensitive.retainAll(all.keySet());
        EnvVars environment = new EnvVars(all);
        // They stay among the names, so that people are told what is missing
        environment.keySet().removeAll(withheld(run));
        FilePath workspace = need(FilePath.class);
        // Made by the first step that needs it, which may be still to come
        workspace.mkdirs();
        String root = Jenkins.get().getRootUrl();
        String here = directory.orElse(workspace.getRemote());
        return new Place(
                here,
                environment,
                sensitive,
                run.getFullDisplayName(),
                root == null ? "" : root + run.getUrl(),
                step,
                enclosure(new FilePath(workspace.getChannel(), here), all, sensitive));
    }

    private Set<String> withheld(Run<?, ?> run) throws IOException, InterruptedException {
        return BoundCredentials.variables(
                need(FlowNode.class),
                EffectivePolicy.of(run.getParent(), node()).withheldCredentials());
    }

    /** What the step's launcher leads into; a build whose launcher cannot be asked is held on the agent all the same, which its log says. */
    private Optional<Enclosure> enclosure(FilePath directory, EnvVars environment, Set<String> sensitive)
            throws IOException, InterruptedException {
        FilePath shared = WorkspaceList.tempDir(need(FilePath.class));
        if (shared == null || !Boolean.TRUE.equals(need(Computer.class).isUnix())) {
            return Optional.empty();
        }
        List<String> secrets = sensitive.stream()
                .map(environment::get)
                .filter(Objects::nonNull)
                .toList();
        Surrounded surrounded = new Surrounded(environment, secrets, shared.getRemote());
        try {
            LauncherDecorator decorator = context.get(LauncherDecorator.class);
            Optional<List<String>> seen = Probe.ask(decorator, need(Node.class), directory, environment);
            if (seen.filter(Probe.COMMAND::equals).isPresent()) {
                return Optional.empty();
            }
            shared.mkdirs();
            return Optional.of(
                    seen.map(words -> surrounded.read(words, Probe.COMMAND)).orElseGet(surrounded::relayed));
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "The launcher of " + context);
            StepLog.write(
                    context, "shells start on the agent itself, since the step's launcher failed: " + e.getMessage());
            return Optional.empty();
        }
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
