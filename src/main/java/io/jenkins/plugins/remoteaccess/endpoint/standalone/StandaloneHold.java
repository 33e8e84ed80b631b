package io.jenkins.plugins.remoteaccess.endpoint.standalone;

import java.io.IOException;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;

/** The command {@code hold}: runs a command, and holds when it fails. */
public final class StandaloneHold {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;
    private static final String USAGE = """
            usage: hold [--minutes N] [--authorized-keys FILE] -- COMMAND...
            Runs COMMAND. When it succeeds, nothing else happens. When it fails, an SSH endpoint opens on
            127.0.0.1 for the time of the hold, and the ssh command that leads into it is printed on standard
            error. The exit status is the last one of COMMAND, 128 + n where signal n ended it.
              --minutes N             how long to hold, 1 to 1440, with all extensions; 60 by default
              --authorized-keys FILE  the public keys to let in, in the format of ~/.ssh/authorized_keys;
                                      by default that file, else ~/.ssh/*.pub, else a key made for this hold
            Inside: remote-access status | extend N | retry | continue | fail | rerun | help. retry runs
            COMMAND again where it ran first; when it then succeeds, the hold ends. continue and fail end it.
            """;

    private StandaloneHold() {}

    /** Returns the exit status when there is nothing to hold; otherwise the process ends by itself. */
    public static int run(List<String> arguments) {
        if (arguments.equals(List.of("--help")) || arguments.equals(List.of("-h"))) {
            System.out.print(USAGE);
            return 0;
        }
        try {
            HoldOptions options = HoldOptions.parse(arguments);
            Set<PublicKey> named = options.authorizedKeys().isPresent()
                    ? LocalKeys.named(options.authorizedKeys().get())
                    : Set.of();
            return run(options, named);
        } catch (BadOption e) {
            return complain(e.getMessage(), BAD_INPUT);
        } catch (InterruptedException e) {
            return complain("interrupted", FAILED);
        }
    }

    private static int run(HoldOptions options, Set<PublicKey> named) throws InterruptedException {
        Command command = new Command(options.command());
        Thread stop = new Thread(command::stop, "stop-command");
        Runtime.getRuntime().addShutdownHook(stop);
        Attempts attempts = new Attempts(command);
        if (attempts.status() != 0) {
            try {
                LocalHold.open(options, attempts, named);
                Thread.currentThread().join();
            } catch (IOException e) {
                complain("no endpoint could be opened, so the failure is not held: " + e.getMessage(), FAILED);
            }
        }
        return attempts.status();
    }

    private static int complain(String sentence, int status) {
        System.err.println("hold: " + sentence);
        return status;
    }
}
