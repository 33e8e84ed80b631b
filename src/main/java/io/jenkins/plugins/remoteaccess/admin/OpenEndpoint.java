package io.jenkins.plugins.remoteaccess.admin;

import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import java.util.Date;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One row of {@link Everything}.
 *
 * @param endpoint what it shows
 */
@Restricted(NoExternalUse.class)
public record OpenEndpoint(Endpoint endpoint) {
    /** Its id. */
    public String getId() {
        return endpoint.id();
    }

    /** The build's name, with its job and folders. */
    public String getBuild() {
        return endpoint.run().getFullDisplayName();
    }

    /** The build's address below Jenkins'. */
    public String getUrl() {
        return endpoint.run().getUrl();
    }

    /** The agent's name. */
    public String getNode() {
        return endpoint.node().isEmpty() ? Messages.OpenEndpoint_builtIn() : endpoint.node();
    }

    /** Who started the build; empty when nobody in particular did. */
    public String getRequester() {
        return endpoint.record().requester().orElse("");
    }

    /** Whether a build waits. */
    public boolean isHolding() {
        return endpoint.state() == Endpoint.State.HOLDING;
    }

    /** Why a build waits; empty while none does. */
    public String getReason() {
        return endpoint.reason().orElse("");
    }

    /** Since when it is open. */
    public Date getSince() {
        return Date.from(endpoint.record().openedAt());
    }

    /** Until when the hold lasts; null while nothing waits. */
    public Date getUntil() {
        return endpoint.deadline().map(Date::from).orElse(null);
    }

    /** Who is connected, as its agent reports. */
    public List<Snapshot.Connection> getConnections() {
        return endpoint.connections();
    }
}
