package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.agent.Place;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** What waits in a hold: a step. Called on pool threads, never under a lock. */
public interface Holder {
    /** What may become of the hold; answers at once. */
    default Set<Outcome> outcomes() {
        return EnumSet.allOf(Outcome.class);
    }

    /** Whether a retry may run another script in the place of the failed step's; answers at once. */
    default boolean edits() {
        return false;
    }

    /** Whether another step may hold here while this one does not; answers at once. */
    default boolean lends() {
        return false;
    }

    /** The hold is over; called once for each hold. */
    void ended(Ending ending);

    /** The hold's times have changed and want to be kept. */
    void changed();

    /** Writes a line to the build's log. */
    void log(String line);

    /**
     * Where shells start, worked out anew from the step's context: after a restart of the controller nothing else remembers it.
     *
     * @throws IOException when the context cannot give it at this moment
     */
    Place place() throws IOException, InterruptedException;
}
