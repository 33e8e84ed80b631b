package io.jenkins.plugins.remoteaccess.page;

import hudson.model.User;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * The direct route.
 *
 * @param id the endpoint
 * @param host a host name or address
 * @param port its port
 * @param login what stands before the {@code @}
 * @param hostKey the endpoint's public host key
 */
record DirectWay(String id, String host, int port, String login, PublicKeyLine hostKey) implements Way {
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

    @Override
    public String name() {
        return "direct";
    }

    @Override
    public List<String> knownHosts() {
        return List.of(line());
    }

    @Override
    public String prepare() {
        return "";
    }

    @Override
    public Scripted posix() {
        return new Scripted("", "-p " + port);
    }

    @Override
    public Scripted windows() {
        return posix();
    }

    @Override
    public String ssh() {
        return "ssh " + pinned() + " -p " + port + ' ' + destination();
    }

    @Override
    public String scp() {
        return "scp " + pinned() + " -P " + port + ' ' + bracketed() + ":FILE .";
    }

    @Override
    public String rsync() {
        return "rsync -av -e \"ssh " + pinned() + " -p " + port + "\" " + bracketed() + ":DIRECTORY/ DIRECTORY/";
    }

    @Override
    public String powershell() {
        return "cd $env:TEMP; Set-Content -Encoding ascii " + Way.alias(id) + " '" + line()
                + "'; ssh -o HostKeyAlias="
                + Way.alias(id) + " -o StrictHostKeyChecking=yes -o UserKnownHostsFile=" + Way.alias(id) + " -p " + port
                + ' '
                + destination();
    }

    @Override
    public String plink() {
        return "plink -P " + port + " -hostkey " + hostKey.fingerprint() + ' ' + destination();
    }

    @Override
    public String pscp() {
        return "pscp -P " + port + " -hostkey " + hostKey.fingerprint() + ' ' + bracketed() + ":FILE .";
    }

    @Override
    public String hostBlock(String build) {
        String alias = Way.alias(id);
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
                "    # " + line(),
                "    IgnoreUnknown KnownHostsCommand",
                "    KnownHostsCommand /bin/echo " + line(),
                "");
    }

    private String line() {
        return Way.alias(id) + ' ' + hostKey;
    }

    private String pinned() {
        return "-o HostKeyAlias=" + Way.alias(id) + " -o StrictHostKeyChecking=yes -o 'KnownHostsCommand=/bin/echo "
                + line() + '\'';
    }

    private String destination() {
        return login + '@' + host;
    }

    private String bracketed() {
        return login + '@' + (host.contains(":") ? '[' + host + ']' : host);
    }
}
