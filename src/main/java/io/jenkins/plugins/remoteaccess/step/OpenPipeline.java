package io.jenkins.plugins.remoteaccess.step;

import hudson.Extension;
import hudson.FilePath;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.Holder;
import io.jenkins.plugins.remoteaccess.hold.Opener;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.OpenPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Opens an endpoint in each live {@code node} of a running Pipeline, in the directory and environment of a step that runs there. */
@Extension
public final class OpenPipeline implements Opener {
    private static final long PATIENCE_SECONDS = 20;

    @Override
    public boolean knows(Run<?, ?> run) {
        return run instanceof FlowExecutionOwner.Executable;
    }

    @Override
    public List<Endpoint> open(Run<?, ?> run) throws Refusal {
        List<Endpoint> opened = new ArrayList<>();
        Optional<String> refusal = Optional.empty();
        try {
            for (StepExecution step : running(run)) {
                StepContext context = step.getContext();
                if (context.get(FilePath.class) == null) {
                    continue;
                }
                refusal = OpenPolicy.refusal(run.getParent(), new Surroundings(context).node());
                if (refusal.isEmpty()) {
                    Endpoint endpoint = inside(run, context);
                    if (!opened.contains(endpoint)) {
                        opened.add(endpoint);
                    }
                }
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new Refusal("the build cannot be asked where it is at work: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
        if (opened.isEmpty()) {
            throw new Refusal(refusal.orElse("the build is not at work in any node at this moment"));
        }
        return opened;
    }

    private static Endpoint inside(Run<?, ?> run, StepContext context) throws IOException, InterruptedException {
        Surroundings surroundings = new Surroundings(context);
        Place place = surroundings.place(Optional.empty(), Optional.empty());
        Optional<Endpoint> known = Endpoints.get().of(run).stream()
                .filter(endpoint -> endpoint.record().scope().equals(place.cookie()))
                .findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        String block = new FlowTrace(context.get(FlowNode.class)).nodeBlock().orElse("");
        Endpoint open = Endpoints.get().open(run, surroundings.node(), block, List.of(), new Guest(context), place);
        Relay.begin(context, open.id(), place);
        return open;
    }

    private static List<StepExecution> running(Run<?, ?> run)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable build ? build.asFlowExecutionOwner() : null;
        FlowExecution execution = owner == null ? null : owner.get();
        return execution == null
                ? List.of()
                : execution.getCurrentExecutions(true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Nothing waits, but the build's log is told who came. */
    private record Guest(StepContext context) implements Holder {
        /** Steps that hold in this {@code node} may use it. */
        @Override
        public boolean lends() {
            return true;
        }

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
            StepLog.write(context, line);
        }

        @Override
        public Place place() throws IOException, InterruptedException {
            return new Surroundings(context).place(Optional.empty(), Optional.empty());
        }
    }
}
