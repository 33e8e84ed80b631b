package io.jenkins.plugins.remoteaccess.hold;

import io.jenkins.plugins.remoteaccess.agent.Place;
import java.io.IOException;

/** What waits in a hold: a step. Called on pool threads, never under a lock. */
public interface Holder {
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
