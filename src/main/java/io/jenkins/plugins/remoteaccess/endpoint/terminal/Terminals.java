package io.jenkins.plugins.remoteaccess.endpoint.terminal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens terminals in the best way this machine has: a pseudo terminal through native code, else through script(1) (a
 * temporary directory mounted {@code noexec}, an unknown processor), else a plain pipe. Safe for use by any thread.
 */
public final class Terminals {
    private enum Way {
        NATIVE,
        SCRIPT,
        PLAIN
    }

    private static final String SET_UP =
            "set -f; size=\"$1 $2 $3 $4\"; modes=$5; shift 5; stty $size $modes 2>/dev/null || stty $size 2>/dev/null; "
                    + "SSH_TTY=$(tty 2>/dev/null) && export SSH_TTY; exec \"$@\"";

    private Way way;

    /** Lets native code be unpacked into {@code temporary}; effective for the first instance of the process. */
    public Terminals(Path temporary) {
        for (String property : List.of("pty4j.tmpdir", "jna.tmpdir")) {
            System.getProperties().putIfAbsent(property, temporary.toString());
        }
        // Arguments and environment are UTF-8 whatever the locale this process was started in
        System.getProperties().putIfAbsent("jna.encoding", "UTF-8");
    }

    /** Starts {@code launch} in a new terminal, whose {@code modes} are named as in RFC 4254 section 8. */
    public Program open(Launch launch, Size size, Map<String, Integer> modes) throws IOException {
        return switch (way()) {
            case NATIVE -> {
                InheritedSignals.wrapper();
                yield NativeTerminal.start(setUp(launch, size, modes), size);
            }
            case SCRIPT -> ScriptTerminal.start(setUp(launch, size, modes));
            case PLAIN -> PlainTerminal.start(launch);
        };
    }

    /** Whether {@link #open} gives a terminal of the operating system. */
    public boolean real() {
        return way() != Way.PLAIN;
    }

    /** Starts {@code launch}, which opens a terminal of its own somewhere and passes it through its input and output. */
    public Program pass(Launch launch) throws IOException {
        return InnerTerminal.start(launch);
    }

    /** Starts {@code launch} on a plain pipe that looks a little like a terminal. */
    public Program plain(Launch launch) throws IOException {
        return PlainTerminal.start(launch);
    }

    /** Starts {@code launch} without a terminal. */
    public Program pipe(Launch launch) throws IOException {
        return Piped.start(launch);
    }

    /** What a person in a terminal opened here must know about it; empty as a rule. */
    public Optional<String> notice() {
        return way() == Way.PLAIN
                ? Optional.of("No terminal can be opened on this machine: no job control, no full-screen programs.")
                : Optional.empty();
    }

    private synchronized Way way() {
        if (way == null) {
            way = nativeWorks() ? Way.NATIVE : ScriptTerminal.available() ? Way.SCRIPT : Way.PLAIN;
        }
        return way;
    }

    private static boolean nativeWorks() {
        try {
            NativeTerminal.probe();
            return true;
        } catch (LinkageError | RuntimeException | IOException noNativeCode) {
            return false;
        }
    }

    /** Sets size and modes before the program can look at them. */
    private static Launch setUp(Launch launch, Size size, Map<String, Integer> modes) {
        if (Piped.WINDOWS) {
            return launch;
        }
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                SET_UP,
                "sh",
                "rows",
                String.valueOf(size.rows()),
                "cols",
                String.valueOf(size.columns()),
                String.join(" ", TerminalModes.stty(modes))));
        command.addAll(launch.command());
        return new Launch(command, launch.environment(), launch.directory());
    }
}
