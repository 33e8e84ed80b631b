package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import java.io.IOException;
import java.util.List;

/** The command that is held when it fails; it has this process's own input, output and environment. */
final class Command {
    private static final int NOT_FOUND = 127;

    private final List<String> words;
    private Process running;
    private boolean stopped;

    Command(List<String> words) {
        this.words = words;
    }

    List<String> words() {
        return words;
    }

    /** Runs it to its end; its exit status, 128 + n for death by signal n, 127 where it cannot be started. */
    int run() throws InterruptedException {
        Process process;
        try {
            process = start();
        } catch (IOException e) {
            System.err.println("hold: " + e.getMessage());
            return NOT_FOUND;
        }
        return process.waitFor();
    }

    private synchronized Process start() throws IOException {
        if (stopped) {
            throw new IOException("the hold is ending; the command is not started again");
        }
        running = new ProcessBuilder(words).inheritIO().start();
        return running;
    }

    synchronized boolean stopped() {
        return stopped;
    }

    /** Ends it with what it started, if it runs, and lets it not start again. */
    synchronized void stop() {
        stopped = true;
        if (running != null && running.isAlive()) {
            running.descendants().forEach(ProcessHandle::destroy);
            running.destroy();
        }
    }
}
