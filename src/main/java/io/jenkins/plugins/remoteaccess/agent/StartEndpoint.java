package io.jenkins.plugins.remoteaccess.agent;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.agents.ControllerToAgentCallable;

/**
 * Starts an endpoint on the agent and waits until it answers. The process has no tie to the agent's JVM: a session of its own, no
 * pipe, an environment of its own; so it lives through a restart of the agent and is nobody's zombie.
 *
 * @param program the directory with the program's jars
 * @param jars the jars and their SHA-256 hashes; a jar that is missing or differs makes {@link Started#missing} the answer
 * @param directory the endpoint's own directory, made anew here
 * @param control where its control socket will be
 * @param cookie the build's {@code JENKINS_NODE_COOKIE}, by which Jenkins' own clean-up finds the process; may be empty
 * @param configuration the document for its stdin
 * @param question the request that is asked until it is answered
 */
record StartEndpoint(
        String program,
        Map<String, String> jars,
        String directory,
        String control,
        String cookie,
        String configuration,
        String question)
        implements ControllerToAgentCallable<StartEndpoint.Started, IOException> {
    private static final Logger LOGGER = Logger.getLogger(StartEndpoint.class.getName());
    private static final long START_MILLIS = 30_000;
    private static final long PAUSE_MILLIS = 5;
    private static final int NATIVE_ACCESS_SINCE = 22;
    /**
     * A small first heap, as Java would take all of it before it collects once: 20 to 40 MB. AES-GCM is slow until the compiler has got to
     * it, by default after some 150 MB; never stop at tier 1, which has no AES-GCM at all (all of it measured with benchmarks/). Under the
     * locale C, Java 17 could not say names beyond ASCII without the encodings.
     */
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Xms16m",
            "-Xmx192m",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.05",
            "-Dfile.encoding=UTF-8",
            "-Dsun.jnu.encoding=UTF-8");

    private static final String MAIN = "io.jenkins.plugins.remoteaccess.endpoint.Main";
    /** What a process needs to find its way, and nothing that tells of the agent. */
    private static final List<String> KEPT =
            List.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SystemRoot", "TEMP", "TMP");
    /**
     * Prints the process' id, which setsid(1) and nohup(1) both keep. The shell lives until cat(1) has passed the whole configuration on:
     * Java closes a process' stdin when the process ends, whether everything has been written or not.
     */
    private static final String DETACH = "d=nohup; command -v setsid >/dev/null 2>&1 && d=setsid; l=$1; shift; "
            + "cat | { exec 3<&0; \"$d\" \"$@\" <&3 3<&- >>\"$l\" 2>&1 & echo $!; }";

    /**
     * What came of it.
     *
     * @param missing whether the program has to be shipped first
     * @param answer the endpoint's first answer
     * @param host what the agent calls itself
     */
    record Started(boolean missing, String answer, String host) implements java.io.Serializable {}

    @Override
    public Started call() throws IOException {
        if (!ProgramCheck.intact(Path.of(program), jars)) {
            return new Started(true, "", "");
        }
        Path own = Path.of(directory);
        prepare(own);
        Path log = own.resolve("endpoint.log");
        ProcessHandle process = isWindows() ? startPlain(log) : startDetached(log);
        return new Started(false, awaitAnswer(process, log), hostName());
    }

    /** Leaves the configuration out: remoting puts this into logs and thread names, and secrets are in it. */
    @Override
    public String toString() {
        return "StartEndpoint[" + directory + "]";
    }

    private static void prepare(Path own) throws IOException {
        remove(own);
        Files.createDirectories(
                Objects.requireNonNull(own.getParent(), "an endpoint's directory is below the agent's root"));
        if (isWindows()) {
            Files.createDirectory(own);
        } else {
            Files.createDirectory(
                    own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.createDirectory(own.resolve("tmp"));
    }

    /** Removes an endpoint's directory; nothing to do where there is none. */
    static void remove(Path own) throws IOException {
        if (!Files.exists(own)) {
            return;
        }
        try (Stream<Path> left = Files.walk(own)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private ProcessHandle startDetached(Path log) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of("/bin/sh", "-c", DETACH, "remote-access", log.toString()), java().stream())
                .toList();
        Process shell = builder(command).redirectError(log.toFile()).start();
        configure(shell);
        String pid = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow(() -> new IOException(tail(log)));
    }

    private ProcessHandle startPlain(Path log) throws IOException {
        Process process = builder(java())
                .redirectOutput(log.toFile())
                .redirectErrorStream(true)
                .start();
        configure(process);
        return process.toHandle();
    }

    private void configure(Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(configuration.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended already; its log says why, and awaitAnswer tells
            LOGGER.log(Level.FINE, "The endpoint took no configuration", e);
        }
    }

    private List<String> java() {
        String binary = Path.of(System.getProperty("java.home"), "bin", isWindows() ? "java.exe" : "java")
                .toString();
        Stream<String> options =
                Stream.concat(OPTIONS.stream(), Stream.of("-Djava.io.tmpdir=" + Path.of(directory, "tmp")));
        Stream<String> access = Runtime.version().feature() >= NATIVE_ACCESS_SINCE
                ? Stream.of("--enable-native-access=ALL-UNNAMED")
                : Stream.empty();
        Stream<String> main = Stream.of("-cp", program + File.separator + '*', MAIN, "serve", directory);
        return Stream.of(Stream.of(binary), options, access, main)
                .flatMap(part -> part)
                .toList();
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(new File(directory));
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(KEPT);
        String locale = environment.getOrDefault("LC_ALL", environment.getOrDefault("LANG", ""));
        if (!locale.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8")) {
            // Java would not be able to name files beyond ASCII otherwise
            environment.put("LC_ALL", "C.UTF-8");
        }
        // glibc would give each thread an arena of its own
        environment.put("MALLOC_ARENA_MAX", "2");
        if (!cookie.isEmpty()) {
            environment.put("JENKINS_NODE_COOKIE", cookie);
        }
        return builder;
    }

    private String awaitAnswer(ProcessHandle process, Path log) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (System.nanoTime() < end && process.isAlive()) {
            if (Files.exists(Path.of(control))) {
                try {
                    return new Exchange(control, question, START_MILLIS).call();
                } catch (java.net.ConnectException notListeningYet) {
                    pause();
                }
            } else {
                pause();
            }
        }
        String why = process.isAlive() ? "the endpoint did not answer within 30 s" : tail(log);
        process.destroy();
        remove(Path.of(directory));
        throw new IOException(why);
    }

    /** A container often does not know its own name; nobody reaches it from outside by name then. */
    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the endpoint was starting", e);
        }
    }

    private static String tail(Path log) {
        try {
            String text = Files.readString(log).strip();
            return text.isEmpty()
                    ? "the endpoint ended at once and said nothing"
                    : text.substring(Math.max(0, text.length() - 1_000));
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }

    private static boolean isWindows() {
        return File.separatorChar == '\\';
    }
}
