package io.jenkins.plugins.remoteaccess.page;

import hudson.model.User;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How one person's client gets to one endpoint by the direct route, as commands to paste. Every value is of characters that no shell,
 * {@code ssh_config} or option parser takes for anything else; every command pins the host key by {@link #alias}.
 *
 * @param id the endpoint
 * @param host a host name or address
 * @param port its port
 * @param login what stands before the {@code @}
 * @param hostKey the endpoint's public host key
 */
record DirectWay(String id, String host, int port, String login, PublicKeyLine hostKey) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:_][A-Za-z0-9._:-]{0,252}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,64}");
    private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    DirectWay {
        if (!ID.matcher(id).matches()
                || !HOST.matcher(host).matches()
                || !LOGIN.matcher(login).matches()) {
            throw new IllegalArgumentException("not fit for a command: " + login + '@' + host + ' ' + id);
        }
    }

    /** The way of {@code caller}; empty when there is none, they may not connect, or the agent calls itself what is no host name. */
    static Optional<DirectWay> of(Caller caller) {
        Endpoint endpoint = caller.endpoint();
        if (caller.refusal().isPresent()) {
            return Optional.empty();
        }
        String login = Plain.login(caller.user().map(User::getId).orElse(""));
        return endpoint.direct()
                .filter(address -> HOST.matcher(address.host()).matches())
                .map(address ->
                        new DirectWay(endpoint.id(), address.host(), address.port(), login, endpoint.hostKey()));
    }

    /** The name the host key is kept under: ports get reused, keys do not. */
    static String alias(String id) {
        return "remote-access-" + id;
    }

    /** The line of {@code known_hosts} that pins the host key of {@code endpoint}. */
    static String knownHosts(Endpoint endpoint) {
        return alias(endpoint.id()) + ' ' + endpoint.hostKey();
    }

    /** The line of {@code known_hosts}. */
    String knownHosts() {
        return alias(id) + ' ' + hostKey;
    }

    /** For a POSIX shell and OpenSSH 8.5 or later; touches no file. */
    String ssh() {
        return "ssh " + pinned() + " -p " + port + ' ' + destination();
    }

    /** The same for one file, from there to here. */
    String scp() {
        return "scp " + pinned() + " -P " + port + ' ' + bracketed() + ":FILE .";
    }

    /** The same for a directory, from there to here. */
    String rsync() {
        return "rsync -av -e \"ssh " + pinned() + " -p " + port + "\" " + bracketed() + ":DIRECTORY/ DIRECTORY/";
    }

    /** For PowerShell and the OpenSSH of Windows, which has no {@code KnownHostsCommand}: a file in the temporary directory does it. */
    String powershell() {
        return "cd $env:TEMP; Set-Content -Encoding ascii " + alias(id) + " '" + knownHosts()
                + "'; ssh -o HostKeyAlias="
                + alias(id) + " -o StrictHostKeyChecking=yes -o UserKnownHostsFile=" + alias(id) + " -p " + port + ' '
                + destination();
    }

    /** For PuTTY's command line, 0.76 or later. */
    String plink() {
        return "plink -P " + port + " -hostkey " + hostKey.fingerprint() + ' ' + destination();
    }

    /** For PuTTY's file copy, 0.76 or later. */
    String pscp() {
        return "pscp -P " + port + " -hostkey " + hostKey.fingerprint() + ' ' + bracketed() + ":FILE .";
    }

    /** A {@code Host} block for {@code ssh_config}(5), without a secret. */
    String hostBlock(String build) {
        String alias = alias(id);
        return String.join(
                "\n",
                "# Remote Access: " + Plain.comment(build),
                "Host " + alias,
                "    HostName " + host,
                "    Port " + port,
                "    User " + login,
                "    HostKeyAlias " + alias,
                "    StrictHostKeyChecking yes",
                "    ServerAliveInterval 30",
                "    # OpenSSH before 8.5 and the one of Windows: put this line into ~/.ssh/known_hosts instead",
                "    # " + knownHosts(),
                "    IgnoreUnknown KnownHostsCommand",
                "    KnownHostsCommand /bin/echo " + knownHosts(),
                "");
    }

    private String pinned() {
        return "-o HostKeyAlias=" + alias(id) + " -o StrictHostKeyChecking=yes -o 'KnownHostsCommand=/bin/echo "
                + knownHosts() + '\'';
    }

    private String destination() {
        return login + '@' + host;
    }

    private String bracketed() {
        return login + '@' + (host.contains(":") ? '[' + host + ']' : host);
    }
}
