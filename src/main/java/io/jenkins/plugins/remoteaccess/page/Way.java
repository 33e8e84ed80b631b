package io.jenkins.plugins.remoteaccess.page;

import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How one person's client gets to one endpoint, as commands to paste. Every value is of characters that no shell, {@code ssh_config} or
 * option parser takes for anything else; every command pins each host key by an alias.
 */
interface Way {
    /** What may stand for a host in a command. */
    Pattern HOST = Pattern.compile("[A-Za-z0-9:_][A-Za-z0-9._:-]{0,252}");

    /** What an endpoint is called. */
    Pattern ID = Pattern.compile("[A-Za-z0-9]{1,64}");

    /** What may stand before the {@code @}. */
    Pattern LOGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** The ways of {@code caller}, the one to offer first first. */
    static List<Way> of(Caller caller) {
        return Stream.<Optional<? extends Way>>of(
                        GatewayWay.overSsh(caller), DirectWay.of(caller), GatewayWay.overHttp(caller))
                .<Way>flatMap(Optional::stream)
                .toList();
    }

    /** The name the host key is kept under: ports get reused, keys do not. */
    static String alias(String id) {
        return "remote-access-" + id;
    }

    /** The line of {@code known_hosts} that pins the host key of {@code endpoint}. */
    static String knownHosts(Endpoint endpoint) {
        return alias(endpoint.id()) + ' ' + endpoint.hostKey();
    }

    /** What this way is called where one is chosen: {@code ssh}, {@code direct} or {@code http}. */
    String name();

    /** The endpoint. */
    String id();

    /** What stands before the {@code @}. */
    String login();

    /** The endpoint's public host key. */
    PublicKeyLine hostKey();

    /** What ssh takes for the host's name. */
    String host();

    /** The lines of {@code known_hosts} that are needed, one for each server on the way. */
    List<String> knownHosts();

    /** For a POSIX shell and OpenSSH 8.5 or later; touches no file. */
    String ssh();

    /** The same with further {@code options}. */
    default String ssh(String options) {
        return "ssh " + options + ssh().substring("ssh".length());
    }

    /** The same for one file, from there to here. */
    String scp();

    /** The same for a directory, from there to here. */
    String rsync();

    /** For PowerShell and the OpenSSH of Windows, which has no {@code KnownHostsCommand}: a file in the temporary directory does it. */
    String powershell();

    /** For PuTTY's command line, 0.76 or later. */
    String plink();

    /** For PuTTY's file copy, 0.76 or later. */
    String pscp();

    /** A {@code Host} block for {@code ssh_config}(5), without a secret; {@code build} is the build's name, whatever it contains. */
    String hostBlock(String build);

    /** A command that is needed once before all others, for a POSIX shell; empty for none. */
    String prepare();

    /** For {@link KeyScript}: how ssh gets there, in a POSIX shell that has a directory {@code $dir} with a file {@code known_hosts}. */
    Scripted posix();

    /** The same in PowerShell, in such a directory. */
    Scripted windows();

    /**
     * Parts of a script.
     *
     * @param before whole lines that prepare the way, or empty
     * @param options what ssh is given
     */
    record Scripted(String before, String options) {}
}
