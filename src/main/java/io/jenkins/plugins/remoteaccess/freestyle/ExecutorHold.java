package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.grant.Requester;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import io.jenkins.plugins.remoteaccess.hold.HoldCount;
import io.jenkins.plugins.remoteaccess.hold.HoldLog;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.HoldTerms;
import io.jenkins.plugins.remoteaccess.hold.HoldTimes;
import io.jenkins.plugins.remoteaccess.hold.Holder;
import io.jenkins.plugins.remoteaccess.hold.NotHeldAction;
import io.jenkins.plugins.remoteaccess.hold.Outcome;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.OpenPolicy;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The endpoint of one build and its holds, in which the executor's thread waits: one after the other, and none outlives the build. */
final class ExecutorHold implements Holder {
    private static final Logger LOGGER = Logger.getLogger(ExecutorHold.class.getName());

    private final AbstractBuild<?, ?> build;
    private final HoldPlan plan;
    private final VirtualChannel channel;
    private final BuildListener listener;
    private final Surroundings surroundings;
    private final Set<String> said = new HashSet<>();
    private Endpoint endpoint;
    private volatile Place place;
    private volatile Waiting waiting;

    /** A hold that stands: what for, and its end. */
    private record Waiting(Stop stop, CompletableFuture<Ending> end) {}

    ExecutorHold(AbstractBuild<?, ?> build, HoldPlan plan, VirtualChannel channel, BuildListener listener) {
        this.build = build;
        this.plan = plan;
        this.channel = channel;
        this.listener = listener;
        this.surroundings = new Surroundings(build, listener);
    }

    /** Opens the endpoint beside the build, unless the policy is against it, which is said. */
    void open() throws InterruptedException {
        try {
            opened(surroundings.place(surroundings.variables(), Optional.empty()));
        } catch (IOException | RuntimeException e) {
            failed("no endpoint yet", e);
        }
    }

    /** Waits because of {@code stop}; where that cannot be, its end is {@code fail} at once. */
    Ending hold(Stop stop) throws InterruptedException {
        try {
            Place where = surroundings.place(
                    stop.variables().isPresent() ? stop.variables().get() : surroundings.variables(), stop.failed());
            Optional<String> full = Endpoints.get()
                    .count()
                    .full(new HoldCount.At(build.getParent(), surroundings.node(), Requester.of(build)));
            if (full.isPresent()) {
                sayOnce("not held: " + full.get());
                return Ending.because(full.get());
            }
            Optional<Endpoint> open = opened(where);
            return open.isPresent() ? hold(stop, open.get(), where) : Ending.because("there is no endpoint");
        } catch (IOException | RuntimeException e) {
            failed("not held", e);
            close(e.getMessage());
            return Ending.because(e.getMessage());
        }
    }

    /** Whether somebody is connected. */
    boolean isVisited() {
        return endpoint != null && !endpoint.connections().isEmpty();
    }

    /** The build leaves its agent. */
    void close() {
        close("the build has ended");
    }

    @Override
    public Set<Outcome> outcomes() {
        Waiting now = waiting;
        return now == null ? Set.of() : now.stop().outcomes();
    }

    @Override
    public boolean edits() {
        Waiting now = waiting;
        return now != null && now.stop().edits();
    }

    @Override
    public void ended(Ending ending) {
        Waiting now = waiting;
        if (now != null) {
            now.end().complete(ending);
        }
    }

    @Override
    public void changed() {
        // Nothing is kept: a restart of the controller ends the build
    }

    @Override
    public void log(String line) {
        HoldLog.write(listener, line);
    }

    @Override
    public Place place() throws IOException {
        Place last = place;
        if (last == null) {
            throw new IOException("the build has not got a workspace yet");
        }
        return last;
    }

    private Ending hold(Stop stop, Endpoint open, Place where) throws InterruptedException {
        Waiting begun = new Waiting(stop, new CompletableFuture<>());
        HoldTerms terms = HoldTerms.of(open.rules(), plan);
        HoldTimes times = stop.forVisitors() ? terms.clocksWhileConnected(Instant.now()) : terms.clocks(Instant.now());
        waiting = begun;
        try (AgentWatch ignored = AgentWatch.over(channel, () -> open.close(AgentWatch.gone(build)))) {
            open.hold(this, stop.why(), times, Optional.of(where));
            if (plan.screen()) {
                open.screen().show();
            }
            HoldLog.announcement(open, stop.why(), times).forEach(this::log);
            return settled(begun.end().get());
        } catch (Refusal refusal) {
            return settled(Ending.because(refusal.getMessage()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes a hold exceptionally", e);
        } catch (InterruptedException e) {
            log("released: the build was interrupted");
            close("the build was interrupted");
            throw e;
        } finally {
            waiting = null;
        }
    }

    private Ending settled(Ending ending) {
        log("released: " + ending.outcome() + " (" + ending.why() + ")");
        if (ending.outcome() == Outcome.FAIL || !plan.openFromStart() && !isVisited()) {
            close(ending.why());
        }
        return ending;
    }

    private Optional<Endpoint> opened(Place where) {
        place = where;
        if (endpoint != null && endpoint.state() != Endpoint.State.CLOSED) {
            return Optional.of(endpoint);
        }
        Optional<String> refusal = OpenPolicy.refusal(build.getParent(), surroundings.node());
        if (refusal.isPresent()) {
            sayOnce(refusal.get());
            return Optional.empty();
        }
        endpoint = Endpoints.get().open(build, surroundings.node(), "", plan.allow(), this, where);
        return Optional.of(endpoint);
    }

    private void close(String message) {
        if (endpoint != null) {
            endpoint.detach(this);
            endpoint.close(message);
        }
    }

    /** No build fails because it cannot be held. */
    private void failed(String what, Exception why) {
        LOGGER.log(why instanceof IOException ? Level.FINE : Level.WARNING, why, () -> build + ": " + what);
        sayOnce(what + ": " + why.getMessage());
    }

    private void sayOnce(String line) {
        if (said.add(line)) {
            log(line);
            NotHeldAction.note(build, line);
        }
    }
}
