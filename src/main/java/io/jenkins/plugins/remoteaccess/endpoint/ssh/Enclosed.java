package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.Enclosure;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Launch;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Program;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Size;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Terminals;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** One person's way into what the step ran inside of, with the environment they get. */
final class Enclosed {
    private static final long PATIENCE_SECONDS = 10;
    private static final int LONGEST = 1_000;
    /** Those of the agent's account are not those of a container's. */
    private static final Set<String> OUTSIDE = Set.of("PATH", "HOME", "USER", "LOGNAME", "SHELL");

    private final Place place;
    private final Enclosure enclosure;
    private final Map<String, String> environment;
    private final Terminals terminals;

    /** The way in for who has {@code environment}; {@code place} must have an enclosure. */
    Enclosed(Place place, Map<String, String> environment, Terminals terminals) {
        this.place = place;
        this.enclosure = place.enclosure().orElseThrow();
        this.environment = environment;
        this.terminals = terminals;
    }

    /** Runs {@code command}, or a shell where that is empty, without a terminal. */
    Program pipe(String command) throws IOException {
        return terminals.pipe(launch(List.of("-i"), "no", new Size(0, 0), command));
    }

    /**
     * Runs {@code command}, or a shell where that is empty, in a terminal: of the agent where whatever leads inside passes it on, else of what
     * there is inside; {@code greeting} gets a line where there is nothing.
     */
    Program open(String command, Size size, Map<String, Integer> modes, List<String> greeting) throws IOException {
        if (!enclosure.relayed() && terminals.real()) {
            return terminals.open(launch(List.of("-i", "-t"), "here", size, command), size, modes);
        }
        String means = means();
        Launch launch = launch(List.of("-i"), means, size, command);
        if (means.equals("none")) {
            greeting.add(
                    "No terminal can be opened inside, which has neither script(1) nor python3: no job control, no "
                            + "full-screen programs.");
            return terminals.plain(launch);
        }
        return terminals.pass(launch);
    }

    /** Ends inside what {@code session} has started; with {@code all}, also what was to stay after a disconnect; whether anything stays. */
    boolean leave(String session, boolean all) {
        try {
            return run(launch(List.of(), InsideScript.LEAVE, session, all ? "all" : "attached"))
                    .equals("stays");
        } catch (IOException gone) {
            return false; // with what ran inside
        }
    }

    /** What opens a terminal inside; asked each time, since people install things. */
    private String means() throws IOException {
        String answer = run(launch(List.of(), "ask", new Size(0, 0), ""));
        return answer.matches("script|python3|busybox") ? answer : "none";
    }

    private String run(Launch launch) throws IOException {
        Program program = terminals.pipe(launch);
        try {
            program.endInput();
            program.handle()
                    .ifPresent(process -> process.onExit()
                            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .exceptionally(late -> {
                                process.descendants().forEach(ProcessHandle::destroyForcibly);
                                process.destroyForcibly();
                                return process;
                            }));
            // Unbuffered, it would seek in what may be a pipe
            try (InputStream output = new BufferedInputStream(program.output())) {
                return new String(output.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
            }
        } finally {
            program.release();
        }
    }

    private Launch launch(List<String> flags, String means, Size size, String command) throws IOException {
        return launch(
                flags,
                InsideScript.ENTER,
                means,
                String.valueOf(size.rows()),
                String.valueOf(size.columns()),
                place.directory().toString(),
                enclosure.shared().toString(),
                command);
    }

    private Launch launch(List<String> flags, InsideScript script, String... arguments) throws IOException {
        List<String> words;
        if (enclosure.relayed()) {
            words = new Job(enclosure.shared(), script, arguments).words(withheld(), own());
        } else {
            words = new ArrayList<>(enclosure.entry(flags, passed(script)));
            words.addAll(List.of("sh", "-c", script.text(), "remote-access"));
            words.addAll(List.of(arguments));
        }
        Map<String, String> visible = environment;
        if (script == InsideScript.LEAVE) {
            // It would end itself
            visible = new HashMap<>(environment);
            visible.remove(Connections.VARIABLE);
        }
        return new Launch(words, visible, Programs.existing(place.directory()));
    }

    private Set<String> passed(InsideScript script) {
        if (script == InsideScript.LEAVE) {
            return Set.of();
        }
        Set<String> passed = new TreeSet<>(enclosure.variables());
        passed.retainAll(environment.keySet());
        passed.addAll(own().keySet());
        return passed;
    }

    /** What belongs to the connection rather than to the step. */
    private Map<String, String> own() {
        Map<String, String> own = new TreeMap<>(environment);
        own.entrySet().removeAll(place.environment().entrySet());
        own.keySet().removeAll(OUTSIDE);
        return own;
    }

    private Set<String> withheld() {
        Set<String> withheld = new TreeSet<>(place.sensitive());
        withheld.removeAll(environment.keySet());
        return withheld;
    }
}
