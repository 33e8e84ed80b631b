package io.jenkins.plugins.remoteaccess.page;

import hudson.ExtensionList;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.grant.AccountKeys;
import io.jenkins.plugins.remoteaccess.grant.PublicKeyLine;
import io.jenkins.plugins.remoteaccess.grant.RsaKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jenkinsci.main.modules.instance_identity.InstanceIdentity;
import org.jenkinsci.main.modules.sshd.PortAdvertiser;

/**
 * The controller's own SSH server.
 *
 * @param host where it is
 * @param port its port
 * @param user the Jenkins user, whom this server knows by name
 * @param key its host key
 */
record SshProxy(String host, int port, String user, PublicKeyLine key) implements ControllerProxy {
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@+-]{0,99}");
    private static final int ALIAS_DIGITS = 12;

    SshProxy {
        if (!Way.HOST.matcher(host).matches() || !USER.matcher(user).matches()) {
            throw new IllegalArgumentException("not fit for a command: " + user + '@' + host);
        }
    }

    /** For {@code user}; empty while the server is off, or when they have no key that it would take, or a name that no command takes. */
    static Optional<SshProxy> of(User user) {
        String advertised = ExtensionList.lookupSingleton(PortAdvertiser.class).getEndpoint();
        RSAPublicKey identity = InstanceIdentity.get().getPublic();
        if (advertised == null || !AccountKeys.openController(user)) {
            return Optional.empty();
        }
        int colon = advertised.lastIndexOf(':');
        String host = advertised.substring(0, colon).replaceAll("[\\[\\]]", "");
        if (!Way.HOST.matcher(host).matches() || !USER.matcher(user.getId()).matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(advertised.substring(colon + 1));
        return Optional.of(new SshProxy(host, port, user.getId(), RsaKey.line(identity)));
    }

    @Override
    public String name() {
        return "ssh";
    }

    @Override
    public String posix(String id, String quote) {
        return command(id, quote + "KnownHostsCommand=/bin/echo " + line() + quote);
    }

    @Override
    public String files(String id, String known, String directory) {
        return command(id, "UserKnownHostsFile=" + known);
    }

    @Override
    public String putty(String id) {
        return "plink -batch -P " + port + " -l " + user + " -hostkey " + key.fingerprint() + ' ' + host
                + " tunnel-remote-access " + id;
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
    public String prepareScript() {
        return "";
    }

    @Override
    public String preparePowershell() {
        return "";
    }

    private String command(String id, String known) {
        return "ssh -p " + port + " -l " + user + " -o HostKeyAlias=" + alias() + " -o StrictHostKeyChecking=yes -o "
                + known + " -o ServerAliveInterval=30 " + host + " tunnel-remote-access " + id;
    }

    private String line() {
        return alias() + ' ' + key;
    }

    /** Another Jenkins has another key, and must not be taken for this one. */
    private String alias() {
        String digits = key.fingerprint().substring("SHA256:".length()).replaceAll("[^A-Za-z0-9]", "");
        return "jenkins-" + digits.substring(0, ALIAS_DIGITS);
    }
}
