package io.jenkins.plugins.remoteaccess.agent;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Node;
import hudson.model.TaskListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What somebody has changed in a workspace that is a Git checkout, as the agent's own Git tells it: a report, bounded and cleaned. */
public final class WorkspaceChanges {
    private static final int LARGEST = 8_000;
    private static final long PATIENCE_SECONDS = 5;
    private static final int MOST_FILES = 20;

    /** No program that the checkout's configuration names is run. */
    private static final List<String> GIT = List.of(
            "git", "--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false");

    private final Launcher launcher;
    private final FilePath directory;

    private WorkspaceChanges(Launcher launcher, FilePath directory) {
        this.launcher = launcher;
        this.directory = directory;
    }

    /** What has changed in {@code directory} of {@code node} since its last commit; empty when nothing has, or nobody can tell in time. */
    public static Optional<String> in(Node node, String directory) throws IOException, InterruptedException {
        FilePath path = node.createPath(directory);
        if (path == null) {
            return Optional.empty();
        }
        return new WorkspaceChanges(node.createLauncher(TaskListener.NULL), path).text();
    }

    private Optional<String> text() throws IOException, InterruptedException {
        Optional<String> changed = git("diff", "--no-ext-diff", "--no-textconv", "--stat=100", "HEAD", "--");
        if (changed.isEmpty()) {
            return Optional.empty();
        }
        List<String> fresh = git("ls-files", "--others", "--exclude-standard", "--directory")
                .orElse("")
                .lines()
                .toList();
        String names =
                fresh.stream().limit(MOST_FILES).map(name -> " new: " + name).collect(Collectors.joining("\n"));
        String more = fresh.size() > MOST_FILES ? "\n and " + (fresh.size() - MOST_FILES) + " more" : "";
        String all = (changed.get().stripTrailing() + '\n' + names + more).strip();
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    private Optional<String> git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(GIT);
        command.addAll(List.of(arguments));
        Bounded output = new Bounded();
        try {
            int status = launcher.launch()
                    .cmds(command)
                    .pwd(directory)
                    .quiet(true)
                    .stdout(output)
                    .stderr(OutputStream.nullOutputStream())
                    .start()
                    .joinWithTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS, TaskListener.NULL);
            return status == 0 ? Optional.of(output.text()) : Optional.empty();
        } catch (IOException noGit) {
            return Optional.empty();
        }
    }

    /** Keeps the first 8,000 bytes. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int value) {
            if (kept.size() < LARGEST) {
                kept.write(value);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            kept.write(bytes, offset, Math.max(0, Math.min(length, LARGEST - kept.size())));
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}\\p{Cf}&&[^\\n]]", "\uFFFD");
        }
    }
}
