package io.jenkins.plugins.remoteaccess.page;

import hudson.model.User;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The gateway: through the controller, by the command {@code tunnel-remote-access}. SSH stays end to end.
 *
 * @param id the endpoint
 * @param login what stands before the {@code @}, which the endpoint ignores
 * @param hostKey the endpoint's public host key
 * @param proxy what carries the bytes
 */
record GatewayWay(String id, String login, PublicKeyLine hostKey, ControllerProxy proxy) implements Way {
    GatewayWay {
        if (!ID.matcher(id).matches() || !LOGIN.matcher(login).matches()) {
            throw new IllegalArgumentException("not fit for a command: " + login + ' ' + id);
        }
    }

    /** Over the controller's SSH, when it is on and {@code caller} has a key there. */
    static Optional<GatewayWay> overSsh(Caller caller) {
        return of(caller, SshProxy::of);
    }

    /** Over HTTP(S). */
    static Optional<GatewayWay> overHttp(Caller caller) {
        return of(caller, user -> HttpProxy.here());
    }

    private static Optional<GatewayWay> of(Caller caller, Function<User, Optional<? extends ControllerProxy>> proxy) {
        Endpoint endpoint = caller.endpoint();
        if (!RemoteAccessConfiguration.get().isGateway()
                || endpoint.port() == 0
                || endpoint.state() == Endpoint.State.CLOSED
                || caller.refusal().isPresent()) {
            return Optional.empty();
        }
        return caller.user()
                .flatMap(user -> proxy.apply(user)
                        .map(through ->
                                new GatewayWay(endpoint.id(), Plain.login(user.getId()), endpoint.hostKey(), through)));
    }

    @Override
    public String name() {
        return proxy.name();
    }

    @Override
    public String host() {
        return alias();
    }

    @Override
    public List<String> knownHosts() {
        return Stream.concat(Stream.of(line()), proxy.knownHosts().stream()).toList();
    }

    @Override
    public String ssh() {
        return "ssh " + options() + ' ' + destination();
    }

    @Override
    public String scp() {
        return "scp " + options() + ' ' + destination() + ":FILE .";
    }

    /** rsync splits what follows {@code -e} by itself: words in double quotes, a double quote in them doubled. */
    @Override
    public String rsync() {
        return "rsync -av -e 'ssh " + pinned() + " -o \"KnownHostsCommand=/bin/echo " + line() + "\" -o \"ProxyCommand="
                + proxy.posix(id, "\"\"") + "\"' " + destination() + ":DIRECTORY/ DIRECTORY/";
    }

    @Override
    public String powershell() {
        String lines = knownHosts().stream().map(line -> '\'' + line + '\'').collect(Collectors.joining(","));
        return "cd $env:TEMP; Set-Content -Encoding ascii " + alias() + ' ' + lines + "; ssh " + pinned()
                + " -o UserKnownHostsFile=" + alias() + " -o 'ProxyCommand=" + proxy.files(id, alias(), "") + "' "
                + destination();
    }

    @Override
    public String plink() {
        return "plink " + putty() + ' ' + destination();
    }

    @Override
    public String pscp() {
        return "pscp " + putty() + ' ' + destination() + ":FILE .";
    }

    @Override
    public String hostBlock(String build) {
        return Stream.of(
                        Stream.of("# Remote Access: " + Plain.comment(build)),
                        proxy.prepare().isEmpty() ? Stream.<String>of() : Stream.of("# First: " + proxy.prepare()),
                        Stream.of(
                                "Host " + alias(),
                                "    User " + login,
                                "    ProxyCommand " + proxy.posix(id, "\""),
                                "    HostKeyAlias " + alias(),
                                "    StrictHostKeyChecking yes",
                                "    ServerAliveInterval 30",
                                "    IgnoreUnknown KnownHostsCommand",
                                "    KnownHostsCommand /bin/echo " + line(),
                                "    # OpenSSH before 8.5 and the one of Windows have no KnownHostsCommand: take it out above, and",
                                "    # put this into ~/.ssh/known_hosts"),
                        knownHosts().stream().map(known -> "    # " + known),
                        Stream.of(""))
                .flatMap(Function.identity())
                .collect(Collectors.joining("\n"));
    }

    @Override
    public String prepare() {
        return proxy.prepare();
    }

    @Override
    public Scripted posix() {
        String command = proxy.files(id, "'\\\"$dir/known_hosts\\\"'", "'$dir'/");
        return new Scripted(proxy.prepareScript(), "-o \"ProxyCommand=" + command + '"');
    }

    @Override
    public Scripted windows() {
        String command = proxy.files(id, "known_hosts", "");
        return new Scripted(proxy.preparePowershell(), "-o 'ProxyCommand=" + command + '\'');
    }

    private String options() {
        return pinned() + " -o 'KnownHostsCommand=/bin/echo " + line() + "' -o 'ProxyCommand=" + proxy.posix(id, "\"")
                + '\'';
    }

    private String pinned() {
        return "-o HostKeyAlias=" + alias() + " -o StrictHostKeyChecking=yes -o ServerAliveInterval=30";
    }

    private String putty() {
        return "-hostkey " + hostKey.fingerprint() + " -proxycmd \"" + proxy.putty(id) + '"';
    }

    private String line() {
        return alias() + ' ' + hostKey;
    }

    private String alias() {
        return Way.alias(id);
    }

    private String destination() {
        return login + '@' + alias();
    }
}
