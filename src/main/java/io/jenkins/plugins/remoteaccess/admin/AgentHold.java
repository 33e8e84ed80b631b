package io.jenkins.plugins.remoteaccess.admin;

import hudson.model.Item;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One hold as {@link AgentHolds} shows it: that there is one, since when and until when, to whoever sees the agent; the build to who may read
 * it; who is connected to who may connect or manages.
 *
 * @param endpoint where it is held
 */
@Restricted(NoExternalUse.class)
public record AgentHold(Endpoint endpoint) {
    /** Whether the caller may know which build it is. */
    public boolean isReadable() {
        return endpoint.run().hasPermission(Item.READ);
    }

    /** The build's name, with its job and folders; empty for who may not know it. */
    public String getBuild() {
        return isReadable() ? endpoint.run().getFullDisplayName() : "";
    }

    /** The address below Jenkins' of the build, or of its Remote Access page for who sees that. */
    public String getUrl() {
        String build = isReadable() ? endpoint.run().getUrl() : "";
        return isVisible() ? build + "remote-access/" : build;
    }

    /** Since when. */
    public Date getSince() {
        return endpoint.since().map(Date::from).orElse(null);
    }

    /** Until when, if nobody ends it. */
    public Date getUntil() {
        return endpoint.deadline().map(Date::from).orElse(null);
    }

    /** Whether the caller may know who is connected. */
    public boolean isVisible() {
        return isReadable() && Caller.at(endpoint).sees();
    }

    /** The users who are connected, each once, as the agent reports; none for who may not know. */
    public List<String> getPeople() {
        Stream<String> users = endpoint.connections().stream().map(connection -> connection.user());
        return isVisible() ? users.distinct().toList() : List.of();
    }
}
