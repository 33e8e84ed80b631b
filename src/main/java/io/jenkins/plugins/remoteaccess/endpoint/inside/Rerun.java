package io.jenkins.plugins.remoteaccess.endpoint.inside;

import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Puts the failed step's script where {@code remote-access rerun} finds it, with a small file that runs it as Jenkins did
 * (org.jenkinsci.plugins.durabletask.BourneShellScript, WindowsBatchScript, PowershellScript).
 */
public final class Rerun {
    private final Path folder;
    private final boolean windows;

    /** Files in {@code directory}, for this machine's kind of shell. */
    public Rerun(EndpointDirectory directory) {
        this(directory.rerun(), !EndpointDirectory.posix());
    }

    Rerun(Path folder, boolean windows) {
        this.folder = folder;
        this.windows = windows;
    }

    /** Replaces what was there for an earlier place. */
    public void prepare(Place place) throws IOException {
        Path script = folder.resolve("script" + suffix(place));
        Path run = folder.resolve(windows ? "run.ps1" : "run");
        // First: where the rest fails, no script is known, rather than the one of an earlier place
        Files.deleteIfExists(run);
        if (place.script().isPresent()) {
            // The agent's own encoding, since that is how Jenkins writes a step's script
            Charset encoding = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
            write(script, place.script().get().getBytes(encoding));
        }
        if (windows) {
            String text = "\uFEFF" + powershell(place, script);
            write(run, text.getBytes(StandardCharsets.UTF_8));
        } else {
            write(run, shell(place, script).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String suffix(Place place) {
        return switch (place.step().orElse("sh")) {
            case "powershell", "pwsh" -> ".ps1";
            case "bat" -> ".bat";
            default -> "";
        };
    }

    private static String shell(Place place, Path script) {
        if (place.script().isEmpty()) {
            return "printf '%s\\n' 'remote-access: the script of the failed step is not known' >&2\nexit 1\n";
        }
        // The variables of this file would be the script's too if they had ordinary names
        return """
                cd @DIRECTORY@ || exit
                _ra_missing=
                for _ra_name in @SENSITIVE@; do
                    eval "[ -n \\"\\${$_ra_name+set}\\" ]" || _ra_missing="$_ra_missing $_ra_name"
                done
                if [ -n "$_ra_missing" ]; then
                    printf '%s\\n' "remote-access: withheld from this session, so it may end otherwise:$_ra_missing" >&2
                fi
                unset _ra_missing _ra_name
                @COMMAND@
                _ra_status=$?
                printf '%s\\n' "remote-access: the script ended with exit code $_ra_status" >&2
                exit "$_ra_status"
                """.replace("@SENSITIVE@", identifiers(place, " "))
                .replace("@COMMAND@", command(place, script))
                .replace("@DIRECTORY@", Quoting.sh(place.directory().toString()));
    }

    private static String command(Place place, Path script) {
        String file = Quoting.sh(script.toString());
        if (script.toString().endsWith(".ps1")) {
            return place.step().orElse("pwsh") + " -NoProfile -NonInteractive -ExecutionPolicy Bypass -File " + file;
        }
        return place.script().orElse("").startsWith("#!") ? file : "sh -xe " + file;
    }

    private static String powershell(Place place, Path script) {
        if (place.script().isEmpty()) {
            return "[Console]::Error.WriteLine('remote-access: the script of the failed step is not known')\r\nexit 1\r\n";
        }
        return """
                Set-Location -LiteralPath @DIRECTORY@
                $missing = @(@SENSITIVE@) | Where-Object { -not (Test-Path -LiteralPath "Env:$_") }
                if ($missing) {
                    [Console]::Error.WriteLine("remote-access: withheld from this session, so it may end otherwise: $missing")
                }
                @COMMAND@
                $status = $LASTEXITCODE
                [Console]::Error.WriteLine("remote-access: the script ended with exit code $status")
                exit $status
                """.replace("@SENSITIVE@", "'" + identifiers(place, "','") + "'")
                .replace("@COMMAND@", windowsCommand(place, script))
                .replace("@DIRECTORY@", Quoting.powershell(place.directory().toString()))
                .replace("\n", "\r\n");
    }

    private static String windowsCommand(Place place, Path script) {
        String file = Quoting.powershell(script.toString());
        return switch (place.step().orElse("bat")) {
            case "powershell", "pwsh" ->
                "& " + place.step().get() + " -NoProfile -NonInteractive -ExecutionPolicy Bypass -File " + file;
            case "sh" -> "& sh -xe " + file;
            default -> "& cmd.exe /c call " + file;
        };
    }

    /** Only what a shell could read as a variable; other names never reached the step's script either. */
    private static String identifiers(Place place, String separator) {
        return new TreeSet<>(place.sensitive())
                .stream().filter(name -> name.matches("[A-Za-z_][A-Za-z0-9_]*")).collect(Collectors.joining(separator));
    }

    /** Renamed into place, because a session may be running what was there before. */
    private static void write(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, content);
        if (EndpointDirectory.posix()) {
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
