package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What Linux tells of a process under {@code /proc}; everything is absent on other systems and for processes that have gone. */
final class ProcFile {
    /** Bit of signal 1 in the masks of {@code /proc/<pid>/status}. */
    private static final long HANGUP = 1;

    private ProcFile() {}

    /** The session (in the sense of setsid) that {@code pid} belongs to. */
    static Optional<Long> session(long pid) {
        return stat(pid).map(fields -> Long.valueOf(fields[3]));
    }

    /** The process group in the foreground of {@code pid}'s controlling terminal. */
    static Optional<Long> foreground(long pid) {
        return stat(pid).map(fields -> Long.valueOf(fields[5])).filter(group -> group > 0);
    }

    /** Whether {@code pid} has a controlling terminal; what setsid(1) started has none. */
    static boolean hasTerminal(long pid) {
        return stat(pid).map(fields -> !fields[4].equals("0")).orElse(false);
    }

    /** Whether {@code pid} has ended and only waits to be collected by its parent. */
    static boolean zombie(long pid) {
        return stat(pid)
                .map(fields -> fields[0].equals("Z") || fields[0].equals("X"))
                .orElse(false);
    }

    /** Whether {@code pid} ignores SIGHUP, as under nohup(1). */
    static boolean ignoresHangup(long pid) {
        return (ignored(String.valueOf(pid)) & HANGUP) != 0;
    }

    /** The signals that {@code process} ({@code self} or a number) ignores, signal n as bit n-1; 0 where that is not known. */
    static long ignored(String process) {
        return text(Path.of("/proc", process, "status"))
                .flatMap(status -> status.lines()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .findFirst())
                .map(line -> Long.parseUnsignedLong(line.substring(7).trim(), 16))
                .orElse(0L);
    }

    /** The value of {@code name} in the environment that {@code pid} was started with, as far as this user may read it. */
    static Optional<String> variable(long pid, String name) {
        String start = name + "=";
        return text(Path.of("/proc", String.valueOf(pid), "environ")).flatMap(environment -> {
            for (String entry : environment.split("\0")) {
                if (entry.startsWith(start)) {
                    return Optional.of(entry.substring(start.length()));
                }
            }
            return Optional.empty();
        });
    }

    /** The fields after the command's name, which may contain anything: state, parent, group, session, … (proc(5)). */
    private static Optional<String[]> stat(long pid) {
        return text(Path.of("/proc", String.valueOf(pid), "stat"))
                .map(line -> line.substring(line.lastIndexOf(')') + 2).split(" "));
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                    .filter(text -> !text.isEmpty());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
