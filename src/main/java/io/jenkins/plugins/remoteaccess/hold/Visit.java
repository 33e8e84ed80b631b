package io.jenkins.plugins.remoteaccess.hold;

import java.time.Instant;
import java.util.Date;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** That somebody was inside a build, or how a hold of it ended; kept with the build for ever. */
@ExportedBean
public final class Visit {
    private final long at;
    private final String user;
    private final String what;

    /** Notes that {@code user} (empty for nobody) did {@code what} at {@code at}. */
    Visit(Instant at, String user, String what) {
        this.at = at.toEpochMilli();
        this.user = user;
        this.what = what;
    }

    /** When, by the controller's clock. */
    @Exported
    public Date getAt() {
        return new Date(at);
    }

    /** The Jenkins user ID; empty when nobody did it. */
    @Exported
    public String getUser() {
        return user;
    }

    /** What happened: {@code entered}, {@code retry}, {@code continue}, {@code fail}, {@code extended}, or why a hold was released. */
    @Exported
    public String getWhat() {
        return what;
    }
}
