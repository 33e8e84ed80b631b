package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.session.Bind;
import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An endpoint in a process of its own, for what cannot be seen from within one: {@code ServedAlone <folder> <authorized key>}. */
final class ServedAlone {
    private ServedAlone() {}

    /** Prints port and host key, then serves until its input ends or says {@code close}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Grants grants = new Grants();
        grants.replace(List.of(
                new Grant("alice", Set.of(AuthorizedKeys.parse(arguments[1]).orElseThrow()), true)));
        Place place = new Place(
                Files.createDirectories(folder.resolve("workspace")),
                Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", folder.toString()),
                Set.of(),
                "app #1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        KeyPair hostKey = HostKeys.generate();
        try (SshEndpoint endpoint = SshEndpoint.open(new SshEndpoint.Settings(
                hostKey,
                new Bind("127.0.0.1", 0, 0, 0),
                grants,
                () -> place,
                new EventLog(),
                connection -> "",
                folder.resolve("bin"),
                Files.createDirectories(folder.resolve("tmp"))))) {
            System.out.println(endpoint.port() + " " + HostKeys.openSsh(hostKey.getPublic()));
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null && !line.equals("close"); line = input.readLine()) {
                endpoint.tell(line);
            }
            endpoint.close("Good bye.");
        }
        System.out.println("closed");
    }
}
