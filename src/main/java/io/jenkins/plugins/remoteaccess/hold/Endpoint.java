package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import io.jenkins.plugins.remoteaccess.policy.ConnectPolicy;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * One build's SSH server on one agent, as the controller knows it. What changes is in {@link Standing}; everything remote runs on a lane of
 * its own, one thing after the other and never under a lock. Every public method returns at once.
 */
public final class Endpoint {
    /** Where an endpoint is in its life. */
    public enum State {
        /** Being started on the agent. */
        OPENING,
        /** People can connect; nothing waits. */
        OPEN,
        /** A build waits. */
        HOLDING,
        /** Gone. */
        CLOSED
    }

    private final Run<?, ?> run;
    private final EndpointRecord endpoint;
    private final Standing standing = new Standing();
    private final Admissions admissions;
    private final Audit audit = new Audit(this);
    private final Visitors visitors;
    private final EndpointLane lane;
    private final AgentScreen screen;
    private final Telling telling;

    Endpoint(Run<?, ?> run, EndpointRecord endpoint) {
        this.run = run;
        this.endpoint = endpoint;
        this.admissions = new Admissions(this);
        this.visitors = new Visitors(this, admissions);
        this.lane = new EndpointLane(this, admissions, visitors);
        this.screen = new AgentScreen(this, lane);
        this.telling = new Telling(this);
    }

    /** An endpoint that was open when the controller last wrote. */
    static Endpoint stored(Run<?, ?> run, EndpointStore.Stored stored) {
        Endpoint found = new Endpoint(run, stored.endpoint());
        found.admissions.restore(stored.entries());
        found.lane.restore(stored);
        found.standing.restore(stored);
        return found;
    }

    /** Random and unique in this Jenkins: 16 hexadecimal digits. */
    public String id() {
        return endpoint.identity().id();
    }

    /** The build. */
    public Run<?, ?> run() {
        return run;
    }

    /** The agent's name; empty for the built-in node. */
    public String node() {
        return endpoint.identity().node();
    }

    /** What does not change about it. */
    public EndpointRecord record() {
        return endpoint;
    }

    /** Where it is in its life. */
    public State state() {
        return standing.state();
    }

    /** Why the build waits; empty while nothing does. */
    public Optional<String> reason() {
        return standing.hold().map(Hold::reason);
    }

    /** When the hold began; empty while nothing waits. */
    public Optional<Instant> since() {
        return standing.clocks(HoldTimes::since);
    }

    /** When the hold ends; empty while nothing waits. */
    public Optional<Instant> deadline() {
        return standing.clocks(HoldTimes::deadline);
    }

    /** The latest that extensions can move the deadline to; empty while nothing waits. */
    public Optional<Instant> latest() {
        return standing.clocks(HoldTimes::latest);
    }

    /** By when somebody has to connect lest the hold be released; empty when somebody has, or when there is no such limit. */
    public Optional<Instant> connectBy() {
        return standing.clocks(HoldTimes::connectBy).flatMap(by -> by);
    }

    /** What may become of the hold; empty while nothing waits. */
    public Set<Outcome> outcomes() {
        Set<Outcome> possible =
                standing.hold().map(waiting -> waiting.holder().outcomes()).orElse(Set.of());
        return possible.stream()
                .filter(outcome -> outcome.forbiddenBy(rules()).isEmpty())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Outcome.class)));
    }

    /** Whether a retry may run an edited script. */
    public boolean edits() {
        return standing.hold().filter(waiting -> waiting.holder().edits()).isPresent();
    }

    /** The step that failed, as far as Jenkins kept it; empty while nothing waits. */
    public Optional<FailedStep> failedStep() {
        return standing.hold().flatMap(Hold::place).flatMap(Place::step);
    }

    /** The directory shells start in. */
    public String workspace() {
        return standing.directory().orElse(endpoint.directory());
    }

    /** Who is connected, as the agent reported last; users and keys are those of grants. */
    public List<Snapshot.Connection> connections() {
        return standing.connections();
    }

    /** What last went wrong on the way to it; empty while all is well. */
    public String trouble() {
        return standing.trouble();
    }

    /** The public host key. */
    public PublicKeyLine hostKey() {
        return PublicKeyLine.parse(endpoint.identity().hostKeyLine()).orElseThrow();
    }

    /** The host and port of the direct route; empty unless the policy has one and the endpoint runs. */
    public Optional<Address> direct() {
        DirectRoute route = RemoteAccessConfiguration.get().getDirectRoute();
        return Optional.ofNullable(route)
                .flatMap(given -> standing.listening())
                .map(own ->
                        route.getAdvertisedHost().isEmpty() ? own : new Address(route.getAdvertisedHost(), own.port()));
    }

    /** The port it listens at on its agent, or comes back to; 0 before it was ever there. */
    public int port() {
        return standing.port();
    }

    /** What decides who may connect here. */
    public ConnectPolicy policy() {
        return new ConnectPolicy(run, endpoint.requester(), endpoint.allow(), node());
    }

    /** The rules in force here at this moment. */
    public EffectivePolicy rules() {
        return policy().rules();
    }

    /** Whether {@code user} has been let in. */
    public boolean grants(User user) {
        return admissions.book().admits(user.getId());
    }

    /** Whether {@code user} could get in with a key of their account or one made for this endpoint. */
    public boolean hasKey(User user) {
        return admissions.hasKey(user);
    }

    /** Lets {@code user} in, which the caller has checked; done when the agent knows, or an exception when it cannot be told. */
    public Future<?> grant(User user) {
        admissions.letIn(user);
        return lane.tellGrants();
    }

    /** A fresh private key for {@code user}, in OpenSSH's format: given out here and kept nowhere; valid for this endpoint alone. */
    public FreshKey freshKey(User user) {
        return new FreshKey(admissions.letInWithKey(user, false), lane.tellGrants());
    }

    /** The same for this controller, which uses it for the browser of {@code user}. */
    public FreshKey browserKey(User user) {
        return new FreshKey(admissions.letInWithKey(user, true), lane.tellGrants());
    }

    /**
     * Moves the deadline by {@code minutes}, at most to {@link #latest()}.
     *
     * @return the new deadline
     * @throws Refusal when nothing waits, or the deadline cannot move
     */
    public Instant extend(int minutes, User by) throws Refusal {
        Optional<String> refusal = policy().extensionRefusal(by.impersonate2());
        if (refusal.isPresent()) {
            throw new Refusal(refusal.get());
        }
        Hold waiting = standing.extend(minutes);
        Instant deadline = waiting.times().deadline();
        lane.tellDeadline(waiting);
        lane.run(waiting.holder()::changed);
        log(by.getId() + " extended the hold until " + LogTimes.until(deadline));
        audit.seen("extended", by.getId(), minutes + " minutes, until " + deadline);
        return deadline;
    }

    /** Ends the hold with {@code outcome}; a retry does the same again. */
    public void release(Outcome outcome, User by) throws Refusal {
        release(outcome, Optional.empty(), by);
    }

    /**
     * Ends the hold with {@code outcome}.
     *
     * @param script what a retry runs instead of the failed step's script, which the caller has checked the right for
     * @throws Refusal when nothing waits, or this hold cannot end like that
     */
    public void release(Outcome outcome, Optional<String> script, User by) throws Refusal {
        standing.waiting().admit(outcome, script);
        Optional<String> forbidding = outcome.forbiddenBy(rules());
        if (forbidding.isPresent()) {
            throw new Refusal(Messages.Endpoint_outcome(outcome, forbidding.get()));
        }
        String edited = script.isPresent() ? " with an edited script" : "";
        end(new Ending(outcome, Optional.of(by.getId()), by.getId() + " chose " + outcome + edited, script));
    }

    /** The agent's screen. */
    public AgentScreen screen() {
        return screen;
    }

    /** Cuts one connection. */
    public void disconnect(String connection, User by) {
        audit.seen("cut", by.getId(), connection);
        lane.disconnect(connection, "cut by " + by.getId());
    }

    /** Starts the endpoint; {@code opener} is told of what happens until {@link #detach}. */
    void open(Holder opener, Place first) {
        standing.open(opener, first);
        audit.seen("opened", endpoint.requester().orElse(""), first.directory());
        lane.run(() -> {
            admissions.admitRequester();
            lane.start(first);
        });
    }

    /** A step that goes on after a restart of the controller: {@code holder} is told from now on. */
    public void attach(Holder again) {
        standing.attach(again);
    }

    /** Whether it stays open for another step when its holder lets go. */
    public boolean isLent() {
        return standing.isLent();
    }

    /** The step has come to its end: nobody is told any more. */
    public void detach(Holder gone) {
        standing.detach(gone);
    }

    /**
     * Begins a hold. {@link Holder#ended} follows, once. {@code where} is empty when a hold goes on after a restart and the agent, which
     * knows it, cannot be asked.
     *
     * @throws Refusal when one stands already, the endpoint has closed, or there are as many as the policy allows
     */
    public void hold(Holder waiting, String reason, HoldTimes times, Optional<Place> where) throws Refusal {
        begin(new Hold(waiting, reason, times, where), Endpoints.get().count().take(this));
    }

    /** The same for a hold that stood before the controller went down: the limits do not end it. */
    public void holdAgain(Holder waiting, String reason, HoldTimes times, Optional<Place> where) throws Refusal {
        begin(new Hold(waiting, reason, times, where), Endpoints.get().count().takeAgain(this));
    }

    private void begin(Hold hold, boolean counted) throws Refusal {
        try {
            standing.begin(hold);
        } catch (Refusal refusal) {
            if (counted) {
                Endpoints.get().count().leave(this);
            }
            throw refusal;
        }
        audit.seen("held", "", hold.reason() + ", until " + hold.times().deadline());
        telling.begun(hold);
        lane.tellHold(hold);
    }

    /** Shows a line in every terminal. */
    void tell(String message) {
        lane.tell(message);
    }

    /** Closes it for good: tells {@code message} inside, ends what runs there; a hold that stands ends as {@code fail}. */
    public void close(String message) {
        end(Ending.because(message));
        if (standing.close()) {
            Endpoints.get().forget(this, message);
            audit.seen("closed", "", message);
            lane.close(message);
        }
    }

    /** What is kept for ever. */
    public Audit audit() {
        return audit;
    }

    /** How things stand, for the lane and what runs on it. */
    Standing standing() {
        return standing;
    }

    /** Who wants to know of it. */
    Telling telling() {
        return telling;
    }

    /** Looks at the clocks and at what the agent said; called twice a second, does nothing that waits. */
    void tick(Instant now) {
        rules().off().ifPresent(this::fail);
        telling.tick(now);
        standing.over(now).ifPresent(why -> end(Ending.because(why)));
        lane.tick();
    }

    /** Ends the hold, if one stands; what follows is the holder's to say and do. */
    void end(Ending ending) {
        standing.end().ifPresent(ended -> {
            Endpoints.get().count().leave(this);
            audit.ended(ending);
            telling.ended(ended, ending);
            if (ending.outcome() != Outcome.FAIL || isLent()) {
                lane.tellUnhold(ending.why());
            }
            lane.run(() -> {
                visitors.noteEnding(ended, ending);
                ended.holder().ended(ending);
            });
        });
    }

    /** The build's log has it, if somebody listens. */
    void log(String line) {
        standing.holder().ifPresent(listening -> listening.log(line));
    }

    /** It cannot be had any more: says so in the log and closes. */
    void fail(String why) {
        if (standing.hold().isEmpty()) {
            log(why);
        }
        standing.troubled(why);
        close(why);
    }
}
