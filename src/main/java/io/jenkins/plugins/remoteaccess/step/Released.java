package io.jenkins.plugins.remoteaccess.step;

import java.util.Arrays;

/** Travels with a failure that a hold has released, as a suppressed exception, so that it is not held again further out. */
final class Released extends Exception {
    private static final long serialVersionUID = 1;

    private Released(String why) {
        super(why, null, false, false);
    }

    /** Marks {@code failure} as released. */
    static void mark(Throwable failure, String why) {
        failure.addSuppressed(new Released(why));
    }

    /** Whether {@code failure} has been released by a hold. */
    static boolean marks(Throwable failure) {
        return Arrays.stream(failure.getSuppressed()).anyMatch(Released.class::isInstance);
    }
}
