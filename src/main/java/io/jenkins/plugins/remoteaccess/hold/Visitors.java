package io.jenkins.plugins.remoteaccess.hold;

import hudson.model.Node;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.agent.EndpointLink;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.agent.WorkspaceChanges;
import io.jenkins.plugins.remoteaccess.grant.Grant;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * What the agent reports of people: who came and went, and what they asked inside. An agent is not trusted: a report counts only for
 * users and keys that this endpoint has granted, and a request is carried out only as if that user had pressed the button. On the lane.
 */
final class Visitors {
    private static final Logger LOGGER = Logger.getLogger(Visitors.class.getName());
    private static final int MOST_ANSWERED = 1_000;
    private static final int LOGGED_REFUSALS = 20;

    private final Endpoint endpoint;
    private final Admissions admissions;
    private final Set<String> answered = new HashSet<>();
    private int refusals;

    Visitors(Endpoint endpoint, Admissions admissions) {
        this.endpoint = endpoint;
        this.admissions = admissions;
    }

    /** A new process numbers its requests anew. */
    void restarted() {
        answered.clear();
    }

    /** The connections whose user and key are granted here; an endpoint that names others is not believed. */
    List<Snapshot.Connection> known(Snapshot snapshot) {
        List<Grant> grants = admissions.effective();
        return snapshot.connections().stream()
                .filter(connection -> grants.stream()
                        .anyMatch(grant -> grant.user().equals(connection.user()) && grant.hasKey(connection.key())))
                .toList();
    }

    /** Writes the log, marks the build, carries out requests. */
    void receive(Snapshot snapshot, List<Snapshot.Event> news, EndpointLink link) {
        news.forEach(this::note);
        endpoint.telling().refused((int)
                news.stream().filter(event -> event.type().equals("refused")).count());
        List<String> newcomers = endpoint.standing().seen(Instant.now(), whoCame(news));
        if (!newcomers.isEmpty()) {
            endpoint.standing().hold().ifPresent(hold -> hold.holder().changed());
            endpoint.telling().came(newcomers);
        }
        for (Snapshot.Request request : snapshot.requests()) {
            if (answered.size() < MOST_ANSWERED && answered.add(request.id())) {
                answer(request, link);
            }
        }
    }

    /** Who is connected, or has been since the last look: a short command comes and goes between two looks. */
    private List<String> whoCame(List<Snapshot.Event> news) {
        Stream<String> gone = news.stream()
                .filter(event -> event.type().equals("connected"))
                .map(Snapshot.Event::user)
                .filter(this::granted);
        return Stream.concat(gone, Standing.users(endpoint.connections()).stream())
                .distinct()
                .toList();
    }

    /** Notes how a hold ended on a build that somebody entered. */
    void noteEnding(Hold hold, Ending ending) {
        if (EnteredAction.marks(endpoint.run())) {
            report(hold, ending);
            mark(
                    ending.by().orElse(""),
                    ending.by().isPresent() ? ending.outcome().toString() : ending.why());
        }
    }

    /** The workspace is looked at before the build goes on in it. */
    private void report(Hold hold, Ending ending) {
        if (!hold.times().met()) {
            return;
        }
        Instant now = Instant.now();
        try {
            EnteredAction.report(endpoint.run(), new HoldReport(hold, now, ending, people(hold), changes()));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot keep what became of a hold of " + endpoint.run());
        }
    }

    private List<String> people(Hold hold) {
        Date since = Date.from(hold.times().since());
        EnteredAction entered = endpoint.run().getAction(EnteredAction.class);
        Stream<String> came = entered == null
                ? Stream.of()
                : entered.getVisits().stream()
                        .filter(visit ->
                                !visit.getUser().isEmpty() && !visit.getAt().before(since))
                        .map(Visit::getUser);
        return Stream.concat(endpoint.connections().stream().map(Snapshot.Connection::user), came)
                .distinct()
                .toList();
    }

    private String changes() {
        Node node = endpoint.node().isEmpty() ? Jenkins.get() : Jenkins.get().getNode(endpoint.node());
        try {
            return node == null
                    ? ""
                    : WorkspaceChanges.in(node, endpoint.workspace()).orElse("");
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot tell what has changed at " + endpoint.id());
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private void note(Snapshot.Event event) {
        endpoint.audit().reported(event, event.user().isEmpty() || admissions.everKnew(event.user()));
        switch (event.type()) {
            case "connected" -> {
                if (granted(event.user())) {
                    endpoint.log(event.user() + " connected (" + event.detail() + ")");
                    mark(event.user(), "entered");
                    endpoint.audit().tellListeners(event.user());
                }
            }
            case "disconnected" -> {
                if (granted(event.user())) {
                    endpoint.log(event.user() + " disconnected");
                }
            }
            case "refused" -> {
                if (++refusals <= LOGGED_REFUSALS) {
                    endpoint.log("refused: " + event.detail());
                }
            }
            default -> LOGGER.fine(() -> endpoint.id() + ": " + event);
        }
    }

    private void mark(String user, String what) {
        try {
            EnteredAction.note(endpoint.run(), new Visit(Instant.now(), user, what));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot mark " + endpoint.run() + " as entered");
        }
    }

    private void answer(Snapshot.Request request, EndpointLink link) {
        boolean accepted = true;
        String message;
        try {
            message = carryOut(request);
        } catch (Refusal refusal) {
            accepted = false;
            message = refusal.getMessage();
        }
        try {
            link.answer(request.id(), accepted, message);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot answer " + request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String carryOut(Snapshot.Request request) throws Refusal {
        User user = granted(request.user()) ? User.getById(request.user(), false) : null;
        if (user == null) {
            throw new Refusal("this user has not been let in here");
        }
        if (request.verb().equals("extend")) {
            return "extended until " + LogTimes.until(endpoint.extend(minutes(request.argument()), user));
        }
        Optional<Outcome> outcome = Outcome.named(request.verb());
        endpoint.release(outcome.orElseThrow(() -> new Refusal("unknown request: " + request.verb())), user);
        return "done: " + request.verb();
    }

    private static int minutes(String argument) throws Refusal {
        try {
            return Integer.parseInt(argument.trim());
        } catch (NumberFormatException e) {
            throw new Refusal("say for how many minutes, for instance: remote-access extend 30");
        }
    }

    private boolean granted(String user) {
        return admissions.effective().stream().anyMatch(grant -> grant.user().equals(user));
    }
}
