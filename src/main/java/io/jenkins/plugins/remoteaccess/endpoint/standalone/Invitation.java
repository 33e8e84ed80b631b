package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import io.jenkins.plugins.remoteaccess.endpoint.inside.Quoting;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.HostKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How to get in: the ssh command, with the host key pinned by an alias, since ports are used again and keys are not. */
final class Invitation {
    private final String alias;
    private final Path knownHosts;
    private final PublicKey hostKey;

    /** Writes the {@code known_hosts} file of endpoint {@code id} into {@code folder}. */
    Invitation(String id, PublicKey hostKey, Path folder) throws IOException {
        this.alias = "remote-access-" + id;
        this.hostKey = hostKey;
        this.knownHosts = folder.resolve("known_hosts");
        Files.writeString(knownHosts, alias + " " + HostKeys.openSsh(hostKey) + "\n");
    }

    /** The lines to print. */
    String text(int port, Optional<Path> identity) {
        return "  host key fingerprint " + HostKeys.fingerprint(hostKey) + "\n  connect with:\n\n"
                + Quoting.sh(command(port, identity)) + "\n";
    }

    private List<String> command(int port, Optional<Path> identity) {
        List<String> words = new ArrayList<>(List.of("ssh", "-p", Integer.toString(port)));
        identity.ifPresent(file -> words.addAll(identity(file)));
        words.addAll(List.of("-o", "HostKeyAlias=" + alias));
        words.addAll(List.of("-o", "StrictHostKeyChecking=yes"));
        words.addAll(List.of("-o", "UserKnownHostsFile=" + option(knownHosts)));
        words.add("127.0.0.1");
        return words;
    }

    /** -i looks for the file before it replaces tokens in its name, so a name with a percent sign is no use there. */
    private static List<String> identity(Path file) {
        List<String> words = file.toString().contains("%")
                ? List.of("-o", "IdentityFile=" + option(file))
                : List.of("-i", file.toString());
        return Stream.concat(words.stream(), Stream.of("-o", "IdentitiesOnly=yes"))
                .toList();
    }

    /** ssh replaces tokens in file names (ssh_config(5)), splits an option's value at spaces, takes quotes and backslashes away. */
    private static String option(Path file) {
        String text = file.toString().replace("%", "%%");
        return text.matches("[^\\s\"'\\\\]+")
                ? text
                : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
