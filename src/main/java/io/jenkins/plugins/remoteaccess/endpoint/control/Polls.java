package io.jenkins.plugins.remoteaccess.endpoint.control;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/** The polls that wait for an event; none of them costs a thread. Used by the server's thread alone. */
final class Polls {
    /** A controller has one or two; more are left from before it came back. */
    private static final int MOST = 8;

    private record Waiting(Client client, long after, long end) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final BiConsumer<Client, Long> answer;

    /** @param answer sends a client what is newer than the number */
    Polls(BiConsumer<Client, Long> answer) {
        this.answer = answer;
    }

    /** Lets {@code client} wait; the oldest gets its answer early where too many do. */
    void add(Client client, Request.Poll poll, long newest) {
        // Numbers begin anew in an endpoint that came back: whoever knows a higher one knows none of these events
        long after = poll.after() > newest ? 0 : poll.after();
        waiting.addLast(
                new Waiting(client, after, System.nanoTime() + poll.atMost().toNanos()));
        if (waiting.size() > MOST) {
            answer(waiting.removeFirst());
        }
    }

    /** Answers all for whom there is news, or whose time is over. */
    void answerDue(long newest) {
        long now = System.nanoTime();
        waiting.removeIf(poll -> {
            boolean due = newest > poll.after() || now - poll.end() >= 0;
            if (due) {
                answer(poll);
            }
            return due;
        });
    }

    /** Answers all, whether there is news or not. */
    void answerAll() {
        while (!waiting.isEmpty()) {
            answer(waiting.removeFirst());
        }
    }

    private void answer(Waiting poll) {
        if (poll.client().open()) {
            answer.accept(poll.client(), poll.after());
        }
    }
}
