package io.jenkins.plugins.remoteaccess.terminal;

import java.nio.ByteBuffer;

/** Who looks at a terminal at this moment. Nothing here waits, or throws when nobody is there any more. */
interface Viewer {
    /** Shows what the terminal put out. */
    void output(ByteBuffer bytes);

    /** Says something in JSON. */
    void say(String json);

    /** Is not looked at by this one any more. */
    void leave();
}
