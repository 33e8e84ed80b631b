package io.jenkins.plugins.remoteaccess.endpoint.inside;

import io.jenkins.plugins.remoteaccess.endpoint.session.Connection;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grants;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What a person reads before the first prompt, and as the answer to {@code remote-access status}. */
public final class Greeting {
    private final Supplier<Place> place;
    private final Grants grants;
    private final Supplier<Optional<Duration>> remaining;

    /**
     * @param place where shells start now
     * @param grants tell who goes without the sensitive variables
     * @param remaining what is left of the hold, if there is one
     */
    public Greeting(Supplier<Place> place, Grants grants, Supplier<Optional<Duration>> remaining) {
        this.place = place;
        this.grants = grants;
        this.remaining = remaining;
    }

    /** The text for somebody who has just come in, with {@code \n} line ends. */
    public String motd(Connection connection) {
        Panel panel = facts();
        secrets(panel, connection);
        recording(panel, connection);
        panel.row("commands", "remote-access status | extend 30 | retry | continue | fail");
        panel.row("", "remote-access rerun: the failed step's script again | help");
        return panel.toString();
    }

    /** How things stand, for {@code connection}, with {@code \n} line ends. */
    public String status(Connection connection, List<Connection> connected) {
        Panel panel = facts();
        secrets(panel, connection);
        recording(panel, connection);
        for (Connection each : connected) {
            String you = each.id().equals(connection.id()) ? " (you)" : "";
            panel.row("connected", each.user() + you + ", " + each.kind() + ", from " + each.client());
        }
        return panel.toString().stripTrailing();
    }

    private Panel facts() {
        Place now = place.get();
        Panel panel = new Panel().title("Remote Access: " + now.build());
        now.url().ifPresent(url -> panel.row("page", url));
        now.step().ifPresent(step -> panel.row("failed", step + exit(now)));
        panel.row("workspace", now.directory().toString());
        now.enclosure().ifPresent(enclosure -> {
            panel.row("inside", enclosure.description());
            panel.row("", "sftp, scp and rsync reach the agent's own files");
        });
        return panel.row("time left", left());
    }

    private static String exit(Place place) {
        return place.exitCode().map(code -> ", exit code " + code).orElse("");
    }

    private String left() {
        Optional<Duration> left = remaining.get();
        if (left.isEmpty()) {
            return "no deadline: the build is not waiting";
        }
        long minutes = left.get().toMinutes();
        return minutes >= 1 ? minutes + " min" : left.get().toSeconds() + " s";
    }

    private void secrets(Panel panel, Connection connection) {
        Place now = place.get();
        Set<String> withheld = withheld(now, connection);
        Set<String> bound = new TreeSet<>(now.sensitive());
        bound.removeAll(withheld);
        if (!withheld.isEmpty()) {
            panel.row("secrets", "withheld from this shell: " + names(withheld));
        }
        if (!bound.isEmpty()) {
            panel.row(withheld.isEmpty() ? "secrets" : "", "this shell has the build's: " + names(bound));
        }
    }

    private void recording(Panel panel, Connection connection) {
        if (grant(connection).filter(grant -> grant.recordBytes() > 0).isPresent()) {
            panel.row("recorded", "what is shown here is recorded and kept with the build");
        }
    }

    private Set<String> withheld(Place now, Connection connection) {
        return grant(connection)
                .map(now::withheldFrom)
                .orElseGet(() -> now.withheldFrom(new Grant(connection.user(), Set.of(), false)));
    }

    private Optional<Grant> grant(Connection connection) {
        return grants.all().stream()
                .filter(grant -> grant.user().equals(connection.user()))
                .findFirst();
    }

    private static String names(Collection<String> names) {
        return String.join(", ", names);
    }
}
