package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes that one program, or one person, started; found by parentage and, on Linux, by the session's value in their
 * environment, which survives a double fork. A process that drops its environment as well as its parents is not found.
 */
public final class ProcessTree {
    private static final long POLL_MILLIS = 20;

    private final Set<ProcessHandle> members;

    private ProcessTree(Set<ProcessHandle> members) {
        this.members = members;
        members.remove(ProcessHandle.current());
    }

    /**
     * {@code root} and what descends from it, without what has detached itself: processes in a session of their own
     * (setsid) and those that ignore SIGHUP (nohup), which a person leaves running on purpose.
     */
    public static ProcessTree attached(ProcessHandle root) {
        Set<ProcessHandle> found = new LinkedHashSet<>(List.of(root));
        if (!root.isAlive()) {
            // Java finds children by their parent's number alone, which may be another process's by now
            return new ProcessTree(found);
        }
        List<ProcessHandle> children = root.children().toList();
        Set<Long> sessions = new HashSet<>();
        // With script(1) it is the child that leads the terminal's session
        Stream.concat(Stream.of(root), children.stream())
                .map(ProcessTree::session)
                .flatMap(Optional::stream)
                .forEach(sessions::add);
        root.descendants().filter(process -> attachedTo(sessions, process)).forEach(found::add);
        return new ProcessTree(found);
    }

    /**
     * All processes on Linux that carry {@code value} as {@code variable} and have not detached themselves: they do not
     * ignore SIGHUP, and are in a session of this process's, of one of {@code leaders}, or of another terminal.
     */
    public static ProcessTree attached(String variable, String value, Set<Long> leaders) {
        ProcessTree all = all(variable, Set.of(value));
        Set<Long> sessions = new HashSet<>(leaders);
        session(ProcessHandle.current()).ifPresent(sessions::add);
        all.members.removeIf(process -> detached(process, sessions) || ProcFile.ignoresHangup(process.pid()));
        return all;
    }

    /** All processes on Linux that carry one of {@code values} as {@code variable}, detached or not; none elsewhere. */
    public static ProcessTree all(String variable, Set<String> values) {
        Set<ProcessHandle> found = new LinkedHashSet<>();
        if (!values.isEmpty()) {
            ProcessHandle.allProcesses()
                    .filter(process -> ProcFile.variable(process.pid(), variable)
                            .filter(values::contains)
                            .isPresent())
                    .forEach(found::add);
        }
        return new ProcessTree(found);
    }

    /** Both together. */
    public ProcessTree with(ProcessTree other) {
        Set<ProcessHandle> both = new LinkedHashSet<>(members);
        both.addAll(other.members);
        return new ProcessTree(both);
    }

    /** Whether nothing of it runs any more. */
    public boolean ended() {
        return members.stream().noneMatch(ProcessTree::runs);
    }

    /** Hangs up, then asks, then kills, giving {@code millis} to each of the first two; returns when done. */
    public void end(long millis) {
        if (ended()) {
            return;
        }
        hangUp();
        if (!endedWithin(millis)) {
            members.forEach(ProcessHandle::destroy);
            if (!endedWithin(millis)) {
                members.forEach(ProcessHandle::destroyForcibly);
                endedWithin(millis);
            }
        }
    }

    /** Sends {@code signal}, named as in RFC 4254 section 6.10, to {@code root} and what is {@link #attached} to it. */
    static void signal(ProcessHandle root, String signal) {
        signal(attached(root).members, signal);
    }

    /** Sends {@code signal} to the foreground of the terminal that {@code leader} has; to {@code leader}'s tree where nothing tells which that is. */
    static void signalForeground(ProcessHandle leader, String signal) {
        ProcFile.foreground(leader.pid())
                .ifPresentOrElse(group -> send(List.of("-" + group), signal), () -> signal(leader, signal));
    }

    /** Sends {@code signal}, named without SIG as in RFC 4254 section 6.10. */
    static void signal(Collection<ProcessHandle> processes, String signal) {
        List<String> running = processes.stream()
                .filter(ProcessTree::runs)
                .map(process -> String.valueOf(process.pid()))
                .toList();
        if (!send(running, signal)) {
            processes.forEach(ProcessHandle::destroy);
        }
    }

    /** Whether there was a shell to do it; one that is stopped goes on, to see its signal. */
    private static boolean send(List<String> targets, String signal) {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                "s=$1; shift; for p; do kill -s \"$s\" -- \"$p\"; kill -s CONT -- \"$p\"; done 2>/dev/null",
                "sh",
                signal));
        command.addAll(targets);
        try {
            // Java can send no signal but TERM and KILL, and kill(1) is missing from small images where sh's own is not
            Process sender = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            sender.waitFor(1, TimeUnit.SECONDS);
        } catch (IOException noShell) {
            return false;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private void hangUp() {
        signal(members, "HUP");
    }

    private boolean endedWithin(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (!ended()) {
                if (System.nanoTime() > end) {
                    return false;
                }
                Thread.sleep(POLL_MILLIS);
            }
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && !ProcFile.zombie(process.pid());
    }

    private static boolean attachedTo(Set<Long> sessions, ProcessHandle process) {
        return session(process).map(sessions::contains).orElse(true) && !ProcFile.ignoresHangup(process.pid());
    }

    private static boolean detached(ProcessHandle process, Set<Long> sessions) {
        return session(process).filter(session -> !sessions.contains(session)).isPresent()
                && !ProcFile.hasTerminal(process.pid());
    }

    private static Optional<Long> session(ProcessHandle process) {
        return ProcFile.session(process.pid());
    }
}
