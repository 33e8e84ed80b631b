package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What shells inside of something need in a folder that is seen there. */
public final class Insides {
    private Insides() {}

    /** Puts the relay into {@code folder} and the start-up file of shells into {@code temporary}; {@code binaries} are in front of their PATH. */
    public static void install(Path folder, Path binaries, Path temporary) throws IOException {
        new Shells(temporary, binaries);
        // Last, and whole: the controller waits for it
        Path fresh = Files.writeString(folder.resolve("relay.new"), InsideScript.RELAY.text());
        Files.move(fresh, folder.resolve("relay"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
}
