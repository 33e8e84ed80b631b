package io.jenkins.plugins.remoteaccess.endpoint;

import io.jenkins.plugins.remoteaccess.endpoint.standalone.StandaloneHold;
import java.util.List;

/** The command line: {@code serve} for a controller, {@code hold} for somebody without one. */
public final class Main {
    private static final String USAGE = """
            usage: java -jar remote-access-endpoint.jar COMMAND
              hold [--minutes N] [--authorized-keys FILE] -- COMMAND...
                              runs COMMAND; when it fails, holds with an SSH endpoint (hold --help)
              serve DIRECTORY an endpoint for a Jenkins controller; its configuration is read from
                              standard input (docs/control-protocol.md)
              --help          this text
              --version       the version
            """;

    private Main() {}

    /** Ends the process with the command's exit status: 2 for a command line or configuration that is wrong. */
    public static void main(String[] arguments) {
        int status = run(List.of(arguments));
        System.out.flush();
        System.err.flush();
        // Not System.exit: what has to be closed has been, and somebody else's shutdown hook must not keep us here
        Runtime.getRuntime().halt(status);
    }

    private static int run(List<String> arguments) {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        switch (command) {
            case "serve":
                return Serve.run(rest, System.in);
            case "hold":
                return StandaloneHold.run(rest);
            case "--help", "-h", "help":
                System.out.print(USAGE);
                return 0;
            case "--version":
                System.out.println(version());
                return 0;
            default:
                System.err.print(command.isEmpty() ? USAGE : "No such command: " + command + "\n" + USAGE);
                return 2;
        }
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return "remote-access-endpoint " + (version == null ? "(not from a jar)" : version);
    }
}
