package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import io.jenkins.plugins.remoteaccess.endpoint.inside.Answer;
import io.jenkins.plugins.remoteaccess.endpoint.inside.Asking;
import io.jenkins.plugins.remoteaccess.endpoint.lease.HoldClock;
import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import java.time.Duration;
import java.util.function.Consumer;

/** Carries out what is asked for inside, without a Jenkins to ask. */
final class LocalAnswers implements Asking {
    private final Attempts attempts;
    private final HoldClock clock;
    private final Consumer<String> tell;
    private final Consumer<String> end;
    private int minutes;

    /** @param minutes how long the hold lasts so far */
    LocalAnswers(Attempts attempts, HoldClock clock, int minutes, Consumer<String> tell, Consumer<String> end) {
        this.attempts = attempts;
        this.clock = clock;
        this.minutes = minutes;
        this.tell = tell;
        this.end = end;
    }

    @Override
    public void ask(Connection from, String verb, String argument, Consumer<Answer> reply) {
        switch (verb) {
            case "extend" -> reply.accept(extend(Integer.parseInt(argument)));
            case "retry" -> reply.accept(retry());
            default -> {
                reply.accept(new Answer(true, "The hold ends with exit code " + attempts.status() + "."));
                end.accept(from.user() + " has ended the hold (" + verb + ").");
            }
        }
    }

    private synchronized Answer extend(int more) {
        int all = minutes + more;
        if (all > HoldOptions.LONGEST) {
            return new Answer(
                    false,
                    "All extensions together must stay within " + HoldOptions.LONGEST + " minutes; "
                            + (HoldOptions.LONGEST - minutes) + " are left.");
        }
        minutes = all;
        Duration left = clock.remaining().orElse(Duration.ZERO).plusMinutes(more);
        clock.hold(left);
        tell.accept("The hold now lasts another " + left.toMinutes() + " min.");
        return new Answer(true, "The hold now lasts another " + left.toMinutes() + " min.");
    }

    private Answer retry() {
        boolean begun = attempts.again(status -> {
            if (status == 0) {
                end.accept("The command succeeded; the hold ends.");
            } else {
                tell.accept("The command failed again, with exit code " + status + ".");
            }
        });
        return begun
                ? new Answer(true, "The command runs again where hold was started.")
                : new Answer(false, "The command is running already.");
    }
}
