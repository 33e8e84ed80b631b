package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.EnvVars;
import hudson.Extension;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Project;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldLog;
import io.jenkins.plugins.remoteaccess.hold.Holder;
import io.jenkins.plugins.remoteaccess.hold.Opener;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.OpenPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens an endpoint beside a running Freestyle build or configuration of a Matrix, in its workspace, with the environment its next builder
 * would see. It ends with the build.
 */
@Extension
public final class OpenBuild implements Opener {
    @Override
    public boolean knows(Run<?, ?> run) {
        return run instanceof AbstractBuild<?, ?> build && build.getProject() instanceof Project;
    }

    @Override
    public List<Endpoint> open(Run<?, ?> run) throws Refusal {
        AbstractBuild<?, ?> build = (AbstractBuild<?, ?>) run;
        List<Endpoint> known = Endpoints.get().of(run);
        if (!known.isEmpty()) {
            return known;
        }
        BuildListener listener = Running.LISTENERS.get(run);
        if (listener == null || build.getWorkspace() == null) {
            throw new Refusal("the build is not at work on any agent at this moment");
        }
        Surroundings surroundings = new Surroundings(build, listener);
        Optional<String> refusal = OpenPolicy.refusal(run.getParent(), surroundings.node());
        if (refusal.isPresent()) {
            throw new Refusal(refusal.get());
        }
        try {
            Place place = place(build, surroundings);
            return List.of(
                    Endpoints.get().open(run, surroundings.node(), "", List.of(), new Guest(listener, place), place));
        } catch (IOException e) {
            throw new Refusal("the build cannot be asked where it is at work: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
    }

    /** Core gives some variables on the executor's own thread alone. */
    private static Place place(AbstractBuild<?, ?> build, Surroundings surroundings)
            throws IOException, InterruptedException {
        EnvVars variables = surroundings.variables();
        variables.put("NODE_NAME", surroundings.node().isEmpty() ? "built-in" : surroundings.node());
        Executor executor = build.getExecutor();
        if (executor != null) {
            variables.put("EXECUTOR_NUMBER", String.valueOf(executor.getNumber()));
            Node node = executor.getOwner().getNode();
            if (node != null) {
                variables.put("NODE_LABELS", String.join(" ", labels(node)));
            }
        }
        return surroundings.place(variables, Optional.empty());
    }

    private static List<String> labels(Node node) {
        return node.getAssignedLabels().stream().map(Object::toString).sorted().toList();
    }

    /** Remembers where a running build's log is written: nothing in core tells that from outside. */
    @Extension
    @SuppressWarnings("rawtypes") // as RunListener wants it
    public static final class Running extends RunListener<AbstractBuild> {
        private static final Map<Run<?, ?>, BuildListener> LISTENERS = new ConcurrentHashMap<>();

        @Override
        public void onStarted(AbstractBuild build, TaskListener listener) {
            if (listener instanceof BuildListener log) {
                LISTENERS.put(build, log);
            }
        }

        @Override
        public void onFinalized(AbstractBuild build) {
            LISTENERS.remove(build);
        }
    }

    /** Nothing waits, but the build's log is told who came. */
    private record Guest(BuildListener listener, Place place) implements Holder {
        @Override
        public void ended(Ending ending) {
            // Nothing was held
        }

        @Override
        public void changed() {
            // Nothing is kept
        }

        @Override
        public void log(String line) {
            HoldLog.write(listener, line);
        }
    }
}
