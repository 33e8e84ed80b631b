package io.jenkins.plugins.remoteaccess.endpoint.inside;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The requests that wait until the controller has fetched and answered them. Safe for use by any thread. */
public final class Requests implements Asking {
    private static final int WAITING = 20;
    /** So that one person cannot use up what others need. */
    private static final int WAITING_OF_ONE = 5;
    /** The command has stopped waiting for its answer by then. */
    private static final long LATE = Duration.ofSeconds(10).toNanos();
    /** The command looks for its answer every 0.1 s, or every second where sleep(1) takes no fractions. */
    private static final long READING = Duration.ofMillis(1_500).toNanos();

    private record Open(Asked asked, Consumer<Answer> reply, long since) {}

    private final Map<String, Open> open = new LinkedHashMap<>();
    private final EventLog events;
    private int number;
    private long answeredAt;
    private boolean answered;

    /** Requests that are announced in {@code events}. */
    public Requests(EventLog events) {
        this.events = events;
    }

    @Override
    public void ask(Connection from, String verb, String argument, Consumer<Answer> reply) {
        if (!add(from, verb, argument, reply)) {
            reply.accept(new Answer(false, "Too many requests wait for Jenkins already; try again in a moment."));
        }
    }

    private synchronized boolean add(Connection from, String verb, String argument, Consumer<Answer> reply) {
        long own = open.values().stream()
                .filter(each -> each.asked().connection().equals(from.id()))
                .count();
        if (open.size() >= WAITING || own >= WAITING_OF_ONE) {
            return false;
        }
        Asked asked = new Asked("r" + ++number, from.id(), from.user(), verb, argument);
        open.put(asked.id(), new Open(asked, reply, System.nanoTime()));
        events.add("request", from.id(), from.user(), (verb + " " + argument).strip());
        return true;
    }

    /** Those that have no answer yet, the oldest first. */
    public synchronized List<Asked> waiting() {
        return open.values().stream().map(Open::asked).toList();
    }

    /**
     * Passes the answer on to whoever asked.
     *
     * @return the request, if the answer came so late that its sender will not see it; empty also for an unknown id
     */
    public Optional<Asked> answer(String id, Answer answer) {
        Open request = remove(id);
        if (request == null) {
            return Optional.empty();
        }
        request.reply().accept(answer);
        return Optional.of(request.asked()).filter(asked -> System.nanoTime() - request.since() > LATE);
    }

    private synchronized Open remove(String id) {
        Open request = open.remove(id);
        if (request != null) {
            answered = true;
            answeredAt = System.nanoTime();
        }
        return request;
    }

    /**
     * Waits until whoever has just been given an answer can have read it and has left with an exit status of their own: who ends a hold from
     * inside is told that it worked, and not cut off. At most 1.5 s; not at all when nobody was answered lately.
     */
    public void settle() throws InterruptedException {
        long left;
        synchronized (this) {
            left = answered ? READING - (System.nanoTime() - answeredAt) : 0;
        }
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}
