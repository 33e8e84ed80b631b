package io.jenkins.plugins.remoteaccess.admin;

import io.jenkins.plugins.remoteaccess.hold.Ended;
import java.util.Date;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One row of what {@link Everything} remembers.
 *
 * @param ended what it shows
 */
@Restricted(NoExternalUse.class)
public record RecentEndpoint(Ended ended) {
    /** What it was while it was open. */
    public OpenEndpoint getWas() {
        return new OpenEndpoint(ended.endpoint());
    }

    /** When it closed. */
    public Date getAt() {
        return ended.getAt();
    }

    /** Why it closed. */
    public String getWhy() {
        return ended.getWhy();
    }
}
