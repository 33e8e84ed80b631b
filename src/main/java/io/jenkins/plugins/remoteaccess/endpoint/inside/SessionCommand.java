package io.jenkins.plugins.remoteaccess.endpoint.inside;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The {@code remote-access} command that stands in front of every session's {@code PATH}. */
public final class SessionCommand {
    private SessionCommand() {}

    /** Writes the command for this kind of machine, with the directory's own paths baked in. */
    public static void install(EndpointDirectory directory) throws IOException {
        if (EndpointDirectory.posix()) {
            Path command = directory.binaries().resolve("remote-access");
            Files.writeString(command, posix(directory));
            Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        } else {
            Files.writeString(directory.binaries().resolve("remote-access.cmd"), template("remote-access.cmd"));
            Files.writeString(directory.binaries().resolve("remote-access.ps1"), windows(directory));
        }
    }

    private static String posix(EndpointDirectory directory) throws IOException {
        return template("remote-access.sh")
                .replace("@REQUESTS@", Quoting.sh(directory.requests().toString()))
                .replace("@RUN@", Quoting.sh(directory.rerun().resolve("run").toString()));
    }

    /** With a byte order mark: without one, Windows PowerShell 5 reads the machine's old code page. */
    static String windows(EndpointDirectory directory) throws IOException {
        return "\uFEFF"
                + template("remote-access.ps1")
                        .replace(
                                "@REQUESTS@",
                                Quoting.powershell(directory.requests().toString()))
                        .replace(
                                "@RUN@",
                                Quoting.powershell(
                                        directory.rerun().resolve("run.ps1").toString()));
    }

    private static String template(String name) throws IOException {
        try (InputStream in = SessionCommand.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is missing from the endpoint's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
