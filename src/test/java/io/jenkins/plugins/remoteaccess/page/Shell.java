package io.jenkins.plugins.remoteaccess.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs of this machine. */
final class Shell {
    private static final int SECONDS = 60;

    private Shell() {}

    /** What a program said on both streams, and how it ended. */
    record Said(int status, String output) {}

    /** Runs {@code command} in {@code directory}, without anything on its stdin. */
    static Said run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "said", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(List.of(command) + " has not ended: " + Files.readString(output));
        }
        return new Said(
                process.exitValue(),
                Files.readString(output, StandardCharsets.UTF_8).strip());
    }

    /** The lines that {@code command} says; it must end with 0. */
    static List<String> lines(Path directory, String... command) throws IOException, InterruptedException {
        Said said = run(directory, Map.of(), command);
        if (said.status() != 0) {
            throw new IOException(List.of(command) + " ended with " + said);
        }
        return said.output().lines().toList();
    }
}
