package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.sshd.common.session.Session;

/** The environment of what a connection starts: the step's, and what belongs to an SSH session; nothing of this process's own. */
final class ShellEnvironment {
    private static final Pattern ACCEPTED = Pattern.compile("LANG|LC_[A-Z_]+|COLORTERM");
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_.,:@=+-]{1,128}");
    private static final String PATH = "PATH";
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ShellEnvironment() {}

    /**
     * A new map with {@code step} as its base.
     *
     * @param requested what the client sent by "env" (RFC 4254 section 6.4); only the locale and COLORTERM are taken
     * @param binaries goes in front of PATH
     */
    static Map<String, String> of(
            Map<String, String> step,
            Map<String, String> requested,
            LiveConnection connection,
            Session session,
            Path binaries) {
        Map<String, String> environment =
                File.separatorChar == '\\' ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
        environment.putAll(step);
        requested.forEach((name, value) -> {
            if (ACCEPTED.matcher(name).matches() && HARMLESS.matcher(value).matches()) {
                environment.put(name, value);
            }
        });
        addAccount(environment);
        addConnection(environment, session);
        environment.put(Connections.VARIABLE, connection.token());
        environment.put(PATH, binaries + File.pathSeparator + environment.getOrDefault(PATH, DEFAULT_PATH));
        return environment;
    }

    private static void addAccount(Map<String, String> environment) {
        String name = System.getProperty("user.name");
        environment.putIfAbsent("USER", name);
        environment.putIfAbsent("LOGNAME", name);
        environment.putIfAbsent("HOME", System.getProperty("user.home"));
        // bash with SSH_CLIENT and no SHLVL takes itself for a child of rshd and reads ~/.bashrc even for a command
        environment.putIfAbsent("SHLVL", "1");
    }

    /** As sshd(8) does, so that programs which look for a remote terminal find one. */
    private static void addConnection(Map<String, String> environment, Session session) {
        if (session.getIoSession().getRemoteAddress() instanceof InetSocketAddress remote
                && session.getIoSession().getLocalAddress() instanceof InetSocketAddress local) {
            String client = remote.getAddress().getHostAddress() + " " + remote.getPort();
            environment.put("SSH_CLIENT", client + " " + local.getPort());
            environment.put(
                    "SSH_CONNECTION", client + " " + local.getAddress().getHostAddress() + " " + local.getPort());
        }
    }

    /** {@code name} if it can be a terminal's, else {@code dumb}. */
    static String terminal(String name) {
        return name != null && HARMLESS.matcher(name).matches() ? name : "dumb";
    }
}
