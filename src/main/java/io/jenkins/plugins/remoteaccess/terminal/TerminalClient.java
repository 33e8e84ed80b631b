package io.jenkins.plugins.remoteaccess.terminal;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.model.Computer;
import hudson.model.User;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.FreshKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.channel.PtyChannelConfiguration;
import org.apache.sshd.common.channel.StreamingChannel;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * The controller as an SSH client of endpoints, for people with a browser: with a key of its own for each person and endpoint, so that
 * grants, limits and records are those of any connection of theirs.
 */
@Extension
public final class TerminalClient {
    /** How the endpoint's log and list name it. */
    static final String SOFTWARE = "JenkinsRemoteAccess_browser";

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Map<String, KeyPair> keys = new ConcurrentHashMap<>();
    private SshClient client;

    static TerminalClient get() {
        return ExtensionList.lookupSingleton(TerminalClient.class);
    }

    /** Does {@code work} on a pool thread. */
    static void later(Runnable work) {
        Computer.threadPoolForRemoting.execute(work);
    }

    /** Why {@code session} ended; a sentence. */
    static String why(ClientSession session) {
        String said = session.getIoSession() instanceof TunnelSession tunnel ? tunnel.why() : "";
        return said.isEmpty() ? "The connection has ended" : said;
    }

    /**
     * Opens a shell; waits for it, up to some seconds.
     *
     * @throws IOException with a sentence that says why not
     */
    Terminal open(Caller caller, int columns, int rows) throws IOException {
        ClientSession session = connect(caller);
        try {
            PtyChannelConfiguration pty = new PtyChannelConfiguration();
            pty.setPtyType("xterm-256color");
            pty.setPtyColumns(Terminal.clamp(columns));
            pty.setPtyLines(Terminal.clamp(rows));
            ChannelShell shell = session.createShellChannel(pty, Map.of());
            shell.setStreaming(StreamingChannel.Streaming.Async);
            shell.setRedirectErrorStream(true);
            shell.open().verify(PATIENCE);
            return new Terminal(caller, session, shell);
        } catch (IOException | RuntimeException e) {
            session.close(true);
            throw e;
        }
    }

    /**
     * Opens a way to {@code port} of the agent's loopback; waits for it, up to some seconds. What ends it ends its session too.
     *
     * @throws IOException with a sentence that says why not
     */
    ChannelDirectTcpip forward(Caller caller, int port) throws IOException {
        ClientSession session = connect(caller);
        try {
            SshdSocketAddress here = new SshdSocketAddress(LOOPBACK, 0);
            ChannelDirectTcpip channel = session.createDirectTcpipChannel(here, new SshdSocketAddress(LOOPBACK, port));
            channel.setStreaming(StreamingChannel.Streaming.Async);
            channel.open().verify(PATIENCE);
            channel.addCloseFutureListener(closed -> session.close(false));
            return channel;
        } catch (IOException | RuntimeException e) {
            session.close(true);
            throw e;
        }
    }

    private ClientSession connect(Caller caller) throws IOException {
        ClientSession session = started()
                .connect(
                        caller.authentication().getName(),
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(),
                                caller.endpoint().port()),
                        AttributeRepository.ofKeyValuePair(ThroughGateway.CALLER, caller))
                .verify(PATIENCE)
                .getSession();
        try {
            session.addPublicKeyIdentity(key(caller));
            session.auth().verify(PATIENCE);
            return session;
        } catch (IOException | RuntimeException e) {
            keys.remove(name(caller));
            session.close(true);
            throw e;
        }
    }

    /** The key of this person at this endpoint, made when it is needed first; the endpoint knows it when this returns. */
    private KeyPair key(Caller caller) throws IOException {
        KeyPair known = keys.get(name(caller));
        if (known != null) {
            return known;
        }
        User user = caller.user().orElseThrow(() -> new IOException("This needs a user account"));
        FreshKey fresh = caller.endpoint().browserKey(user);
        try (ByteArrayInputStream text =
                new ByteArrayInputStream(fresh.privateKey().getBytes(StandardCharsets.UTF_8))) {
            fresh.known().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            KeyPair made = SecurityUtils.loadKeyPairIdentities(null, () -> "terminal", text, null)
                    .iterator()
                    .next();
            keys.put(name(caller), made);
            return made;
        } catch (GeneralSecurityException | ExecutionException | TimeoutException e) {
            throw new IOException("the endpoint has not been told your key: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Whether the key with this fingerprint is one of this client's own at {@code endpoint}. */
    boolean owns(String endpoint, String fingerprint) {
        return keys.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(endpoint + ' '))
                .anyMatch(entry -> KeyUtils.getFingerPrint(
                                BuiltinDigests.sha256, entry.getValue().getPublic())
                        .equals(fingerprint));
    }

    /** Forgets the keys of endpoints that are no more. */
    void forget(Predicate<String> gone) {
        keys.keySet().removeIf(name -> gone.test(name.substring(0, name.indexOf(' '))));
    }

    private static String name(Caller caller) {
        return caller.endpoint().id() + ' ' + caller.authentication().getName();
    }

    private synchronized SshClient started() {
        if (client == null) {
            SshClient made = SshClient.setUpDefaultClient();
            made.setIoServiceFactoryFactory(new ThroughGateway());
            made.setServerKeyVerifier(TerminalClient::verify);
            made.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
            made.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
            made.setPasswordIdentityProvider(null);
            made.setAgentFactory(null);
            CoreModuleProperties.CLIENT_IDENTIFICATION.set(made, SOFTWARE);
            CoreModuleProperties.IDLE_TIMEOUT.set(made, Duration.ZERO);
            CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, Duration.ofSeconds(30));
            made.start();
            client = made;
        }
        return client;
    }

    /** The endpoint's key is known: the controller has made it. */
    private static boolean verify(ClientSession session, SocketAddress address, PublicKey key) {
        return session.getIoSession() instanceof TunnelSession tunnel
                && PublicKeyEntry.toString(key)
                        .equals(tunnel.caller().endpoint().hostKey().toString());
    }

    /** With Jenkins. */
    @Terminator
    public static void stop() {
        TerminalClient one = get();
        synchronized (one) {
            if (one.client != null) {
                one.client.close(true);
                one.client = null;
            }
        }
    }
}
