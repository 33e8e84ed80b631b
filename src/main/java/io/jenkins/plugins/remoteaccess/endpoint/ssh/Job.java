package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A command for the relay in a container, which has the step's environment already. */
final class Job {
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

    private final Path folder;
    private final InsideScript script;
    private final String[] arguments;

    Job(Path folder, InsideScript script, String... arguments) {
        this.folder = folder;
        this.script = script;
        this.arguments = arguments;
    }

    /**
     * Writes the job and says what to run on the agent to have it done.
     *
     * @param withheld names that are taken out of the environment
     * @param more what is added to it
     */
    List<String> words(Collection<String> withheld, Map<String, String> more) throws IOException {
        StringBuilder text = new StringBuilder();
        withheld.stream()
                .filter(name -> name.matches(NAME))
                .forEach(name -> text.append("unset ").append(name).append('\n'));
        if (script != InsideScript.LEAVE) {
            more.forEach((name, value) -> {
                if (name.matches(NAME)) {
                    text.append("export ")
                            .append(name)
                            .append('=')
                            .append(quoted(value))
                            .append('\n');
                }
            });
        }
        text.append("set --");
        for (String argument : arguments) {
            // The folder may have another name inside, which the relay knows
            boolean here = argument.equals(folder.toString());
            text.append(' ').append(here ? "\"$_ra_here\"" : quoted(argument));
        }
        text.append("\nunset _ra_here\n").append(script.text());
        Path job = folder.resolve("tmp").resolve(UUID.randomUUID().toString());
        Path fresh = job.resolveSibling(job.getFileName() + ".new");
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        return List.of("/bin/sh", "-c", InsideScript.ASK.text(), "remote-access", job.toString());
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
