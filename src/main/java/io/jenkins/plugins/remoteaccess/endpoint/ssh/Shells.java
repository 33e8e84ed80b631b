package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which shell a person gets, and how it is called. Interactive shells are not login shells: the environment is the build's,
 * and a profile would change it. They do read the user's start-up file, which may set PATH anew, so a file of the
 * endpoint's own reads that one first and then puts the endpoint's programs in front again.
 */
final class Shells {
    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final List<String> BASH =
            List.of("/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash", "/opt/homebrew/bin/bash");

    private final Path startUp;

    /** Writes start-up files to {@code temporary}; where that fails shells do without. */
    Shells(Path temporary, Path binaries) {
        startUp = WINDOWS ? null : write(temporary.resolve("shellrc"), binaries);
    }

    private static Path write(Path file, Path binaries) {
        String quoted = "'" + binaries.toString().replace("'", "'\\''") + "'";
        String text = "[ -n \"$BASH_VERSION\" ] && [ -r ~/.bashrc ] && . ~/.bashrc\n" + "case \"$PATH\" in\n" + quoted
                + ":*) ;;\n*) PATH=" + quoted + ":\"$PATH\" ;;\nesac\n";
        try {
            return Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException diskFull) {
            return null;
        }
    }

    /** The shell for someone with {@code path} as PATH: bash if there is one, else sh; on Windows PowerShell, else cmd. */
    static String find(String path) {
        if (WINDOWS) {
            return onPath(path, "powershell.exe") ? "powershell.exe" : "cmd.exe";
        }
        Stream<String> known = BASH.stream();
        Stream<String> others = Stream.of(path.split(":"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> folder + "/bash");
        return Stream.concat(known, others)
                .filter(candidate -> Files.isExecutable(Path.of(candidate)))
                .findFirst()
                .orElse("/bin/sh");
    }

    /** Whether {@code program} is in one of the folders of {@code path}. */
    static boolean onPath(String path, String program) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> new File(folder, program).canExecute());
    }

    /** A shell that reads commands from its input, with a terminal or without; may add to {@code environment}. */
    List<String> shell(String shell, boolean terminal, Map<String, String> environment) {
        if (!terminal || WINDOWS) {
            return List.of(shell);
        }
        if (startUp == null) {
            return List.of(shell, "-i");
        }
        if (shell.endsWith("bash")) {
            return List.of(shell, "--rcfile", startUp.toString(), "-i");
        }
        environment.put("ENV", startUp.toString());
        return List.of(shell, "-i");
    }

    /** A shell that runs {@code command} and ends, as RFC 4254 section 6.5 has it. */
    static List<String> exec(String shell, String command) {
        return WINDOWS ? List.of("cmd.exe", "/d", "/s", "/c", "\"" + command + "\"") : List.of(shell, "-c", command);
    }
}
