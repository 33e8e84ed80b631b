package io.jenkins.plugins.remoteaccess.endpoint;

import io.jenkins.plugins.remoteaccess.endpoint.control.BadMessage;
import io.jenkins.plugins.remoteaccess.endpoint.control.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The command {@code serve}: reads the configuration, opens the endpoint, and lives until that has ended. */
final class Serve {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    private Serve() {}

    static int run(List<String> arguments, InputStream in) {
        if (arguments.size() != 1 || arguments.get(0).startsWith("-")) {
            return complain("serve: needs one argument, the endpoint's directory", BAD_INPUT);
        }
        Configuration configuration;
        Path directory;
        try (in) {
            directory = Path.of(arguments.get(0));
            configuration = Configuration.read(in);
        } catch (InvalidPathException e) {
            return complain("serve: the endpoint's directory must be a path: " + e.getReason(), BAD_INPUT);
        } catch (BadMessage e) {
            return complain("serve: " + e.getMessage(), BAD_INPUT);
        } catch (IOException e) {
            return complain("serve: the configuration could not be read: " + e, FAILED);
        }
        return serve(directory, configuration);
    }

    private static int serve(Path directory, Configuration configuration) {
        try {
            Endpoint.open(directory, configuration).join();
            return 0;
        } catch (IllegalArgumentException e) {
            return complain("serve: " + e.getMessage(), BAD_INPUT);
        } catch (IOException e) {
            return complain("serve: " + e.getMessage(), FAILED);
        } catch (InterruptedException e) {
            return complain("serve: interrupted", FAILED);
        }
    }

    private static int complain(String sentence, int status) {
        System.err.println(sentence);
        return status;
    }
}
