package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.Computer;
import hudson.remoting.SingleLaneExecutorService;
import io.jenkins.plugins.remoteaccess.agent.EndpointLink;
import io.jenkins.plugins.remoteaccess.agent.Listening;
import io.jenkins.plugins.remoteaccess.agent.Place;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.policy.DirectRoute;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Everything one endpoint needs from its agent, one thing after the other on pool threads: nothing here is done under a lock, and no
 * caller waits. What cannot be told is noted as trouble; the pulse finds out whether the endpoint is still there.
 */
final class EndpointLane {
    private static final Logger LOGGER = Logger.getLogger(EndpointLane.class.getName());

    private final Endpoint endpoint;
    private final Admissions admissions;
    private final EndpointLink link;
    private final EndpointPulse pulse;
    private final RecordingKeeper recordings;
    private final SingleLaneExecutorService lane = new SingleLaneExecutorService(Computer.threadPoolForRemoting);

    EndpointLane(Endpoint endpoint, Admissions admissions, Visitors visitors) {
        this.endpoint = endpoint;
        this.admissions = admissions;
        this.link = new EndpointLink(endpoint.record().identity());
        this.pulse = new EndpointPulse(endpoint, this, link, visitors);
        this.recordings = new RecordingKeeper(endpoint, admissions, link);
    }

    /** What was heard before the controller went down. */
    void restore(EndpointStore.Stored stored) {
        pulse.restore(stored.pid(), stored.seq());
        run(recordings::restore);
    }

    /** Does {@code work} when what came before is done. */
    void run(Runnable work) {
        lane.execute(work);
    }

    /** Looks whether the agent has something to say. */
    void tick() {
        pulse.tick(lane);
    }

    Future<?> tellGrants() {
        return lane.submit(() -> {
            admissions.renew();
            sendGrants();
        });
    }

    void tellHold(Hold hold) {
        run(() -> sendHold(hold, hold.place()));
    }

    void tellDeadline(Hold hold) {
        run(() -> sendHold(hold, Optional.empty()));
    }

    void tellUnhold(String message) {
        run(() -> guarded("end the hold", () -> link.unhold(message)));
    }

    void tell(String message) {
        run(() -> guarded("tell something", () -> link.tell(message)));
    }

    void showScreen(String password) {
        run(() -> guarded("show the screen", () -> link.screen(password)));
    }

    void disconnect(String connection, String message) {
        run(() -> {
            guarded("cut " + connection, () -> link.disconnect(connection, message));
            pulse.look();
        });
    }

    void close(String message) {
        run(() -> {
            if (link.online()) {
                // What has happened since the last poll would be heard by nobody
                pulse.look();
                boolean recorded = recordings.expects();
                if (recorded) {
                    saveRecordings(message);
                }
                guarded("close", () -> link.close(message));
                if (recorded) {
                    guarded("remove its recordings", link::removeRecordings);
                }
                endpoint.standing()
                        .lastPlace()
                        .flatMap(Place::enclosure)
                        .ifPresent(inside -> guarded("remove its folder", () -> link.removeShared(inside)));
            }
        });
    }

    /**
     * Before the endpoint ends, and its files with it: what people are shown until they are cut is part of it. At the end of a {@code node}
     * Jenkins stops the endpoint at the same time, so what is there is fetched first, and what comes after it as far as can be.
     */
    private void saveRecordings(String message) {
        guarded("look", () -> recordings.receive(pulse.news(link.look(pulse.seq()))));
        guarded("cut everybody", () -> link.cut(message));
        guarded("look", () -> recordings.receive(pulse.news(link.look(pulse.seq()))));
        recordings.finish();
    }

    /** What was recorded, as far as the agent told of it by {@code news}. On the lane. */
    void keepRecordings(List<Snapshot.Event> news) {
        recordings.receive(news);
    }

    /** Starts it, or starts it again after its process has gone. On the lane. */
    void start(Place where) {
        if (endpoint.state() == Endpoint.State.CLOSED) {
            return;
        }
        try {
            admissions.renew();
            // A process before this one has left them, and starting removes what it left
            recordings.finish();
            EndpointLink.Started started = link.start(admissions.granted(), where, listening());
            endpoint.standing().named(started.host());
            pulse.begin(started.snapshot());
            save();
            endpoint.standing().hold().ifPresent(hold -> sendHold(hold, hold.place()));
            endpoint.screen().again();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot start endpoint " + endpoint.id());
            endpoint.fail("no endpoint could be opened on " + nodeName() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            endpoint.fail("opening the endpoint was interrupted");
        }
    }

    /** When the controller has come back, nobody has worked them out yet; and what is reported counts for granted users alone. On the lane. */
    void firstGrants() {
        if (admissions.effective().isEmpty()) {
            recheckGrants();
        }
    }

    /** Works the grants out anew and tells the agent when they have changed. On the lane. */
    void recheckGrants() {
        if (admissions.renew()) {
            sendGrants();
        }
    }

    private void sendGrants() {
        guarded("tell the grants", () -> link.grants(admissions.granted()));
        save();
    }

    /** Not when the hold has ended since: the endpoint would go on counting. */
    private void sendHold(Hold hold, Optional<Place> place) {
        if (endpoint.standing().hold().filter(now -> now == hold).isEmpty()) {
            return;
        }
        guarded("tell the hold", () -> link.hold(endpoint.standing().remainingSeconds(hold), hold.reason(), place));
    }

    private String nodeName() {
        return endpoint.node().isEmpty() ? "the built-in node" : endpoint.node();
    }

    private Listening listening() {
        RemoteAccessConfiguration policy = RemoteAccessConfiguration.get();
        DirectRoute route = policy.getDirectRoute();
        return new Listening(
                route == null ? "127.0.0.1" : route.getBindAddress(),
                route == null ? "0" : route.getPorts(),
                endpoint.standing().port(),
                policy.getLeaseMinutes());
    }

    /** Keeps what a controller that comes back has to know. */
    void save() {
        if (endpoint.state() == Endpoint.State.CLOSED) {
            return;
        }
        try {
            EndpointStore.save(new EndpointStore.Stored(
                    endpoint.run().getExternalizableId(),
                    endpoint.record(),
                    endpoint.standing().port(),
                    endpoint.standing().host(),
                    pulse.pid(),
                    pulse.seq(),
                    admissions.book().entries()));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot keep endpoint " + endpoint.id() + "; a restart will lose it");
        }
    }

    private void guarded(String what, Remote action) {
        try {
            action.run();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot " + what + " at endpoint " + endpoint.id());
            endpoint.standing().troubled("cannot " + what + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something that talks to the agent. */
    private interface Remote {
        void run() throws IOException, InterruptedException;
    }
}
