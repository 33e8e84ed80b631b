package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/** The runs of the command: the first, and those that somebody inside asked for; one at a time. */
final class Attempts {
    private final Command command;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile int status;

    /** Has the command run for the first time. */
    Attempts(Command command) throws InterruptedException {
        this.command = command;
        this.status = command.run();
    }

    /** How the last finished run ended. */
    int status() {
        return status;
    }

    List<String> words() {
        return command.words();
    }

    /**
     * Begins another run.
     *
     * @param finished takes its status, in another thread
     * @return false when one is going on
     */
    boolean again(IntConsumer finished) {
        if (!running.compareAndSet(false, true)) {
            return false;
        }
        Thread thread = new Thread(() -> run(finished), "retry");
        thread.setDaemon(true);
        thread.start();
        return true;
    }

    private void run(IntConsumer finished) {
        try {
            int result = command.run();
            if (command.stopped()) {
                // Its status is that of being stopped, which says nothing about the command
                return;
            }
            status = result;
        } catch (InterruptedException e) {
            command.stop();
            return;
        } finally {
            running.set(false);
        }
        finished.accept(status);
    }

    /** Ends a run that goes on. */
    void stop() {
        command.stop();
    }
}
