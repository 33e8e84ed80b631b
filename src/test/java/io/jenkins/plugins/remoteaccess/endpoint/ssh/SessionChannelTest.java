package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.AbstractChannel;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over a session channel besides the streams; with MINA's client, which shows it, and sends signals as OpenSSH's does not. */
class SessionChannelTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Says {@code fore} and which signal came, and ends with 3. */
    private static final String CATCHER =
            "for s in HUP INT QUIT ABRT TERM USR1 USR2; do trap \"echo fore $s; exit 3\" $s; done;"
                    + " echo rea''dy; while :; do sleep 0.1; done";

    @TempDir
    static Path folder;

    private static Served served;
    private static SshClient client;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private ClientSession session;

    @BeforeAll
    static void serve() throws IOException {
        served = new Served(folder);
        client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((session, address, key) -> key.equals(served.hostKey.getPublic()));
        client.start();
    }

    @AfterAll
    static void close() {
        client.stop();
        served.close();
    }

    @BeforeEach
    void connect() throws IOException {
        KeyPair bob = HostKeys.generate();
        served.grants.replace(List.of(Served.grant("bob", bob.getPublic())));
        session = client.connect("whoever", "127.0.0.1", served.endpoint.port())
                .verify(MINUTE)
                .getSession();
        session.addPublicKeyIdentity(bob);
        session.auth().verify(MINUTE);
    }

    @AfterEach
    void disconnect() throws IOException {
        session.close();
    }

    /** A client whose own input has ended closes the channel on EOF, and would never hear of a status that comes after it. */
    @Test
    void exitStatusComesBeforeTheEndOfTheOutput() throws IOException {
        CompletableFuture<Optional<Integer>> known = new CompletableFuture<>();
        ChannelExec channel = new ChannelExec("seq 1 20000; exit 5", null, Map.of()) {
            @Override
            public void handleEof() throws IOException {
                known.complete(Optional.ofNullable(getExitStatus()));
                super.handleEof();
            }
        };
        session.getService(ConnectionService.class).registerChannel(channel);
        try (ClientChannel open = open(channel)) {
            assertEquals(
                    Optional.of(5),
                    known.orTimeout(MINUTE.toSeconds(), TimeUnit.SECONDS).join());
        }
    }

    @Test
    void quitKeyReachesTheForegroundOfATerminal() throws IOException {
        try (ClientChannel channel = open(session.createShellChannel())) {
            type(channel, "(" + CATCHER + ")");
            await().until(() -> shown().contains("ready"));
            channel.getInvertedIn().write('\\' & 0x1f);
            channel.getInvertedIn().flush();
            await().until(() -> shown().contains("fore QUIT"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "QUIT", "ABRT", "TERM", "USR1", "USR2"})
    void reachesACommand(String signal) throws IOException {
        try (ClientChannel channel = open(session.createExecChannel("{ " + CATCHER + "; } 2>/dev/null"))) {
            await().until(() -> shown().contains("ready"));
            send(channel, signal);
            channel.waitFor(List.of(ClientChannelEvent.EXIT_STATUS), MINUTE);
            assertEquals(3, channel.getExitStatus());
            assertTrue(shown().contains("fore " + signal), shown());
        }
    }

    @Test
    void killEndsWhatCatchesNothing() throws IOException {
        try (ClientChannel channel = open(session.createExecChannel("echo ready; exec sleep 1000"))) {
            await().until(() -> shown().contains("ready"));
            send(channel, "KILL");
            channel.waitFor(List.of(ClientChannelEvent.EXIT_STATUS), MINUTE);
            assertEquals(128 + 9, channel.getExitStatus());
        }
    }

    @Test
    void reachesTheForegroundOfATerminalAlone() throws IOException {
        try (ClientChannel channel = open(session.createShellChannel())) {
            type(channel, "trap 'echo the sh''ell' USR1; (" + CATCHER + ")");
            await().until(() -> shown().contains("ready"));
            send(channel, "USR1");
            await().until(() -> shown().contains("fore USR1"));
            type(channel, "echo status $?; exit 5");
            channel.waitFor(List.of(ClientChannelEvent.EXIT_STATUS), MINUTE);
            assertTrue(shown().contains("status 3"), shown());
            assertFalse(shown().contains("the shell"), shown());
            assertEquals(5, channel.getExitStatus());
        }
    }

    @Test
    void unknownSignalsDoNothing() throws IOException {
        try (ClientChannel channel = open(session.createExecChannel("read line; echo \"$line\""))) {
            send(channel, "TERM; touch intruder");
            send(channel, "WINCH");
            type(channel, "still here");
            channel.waitFor(List.of(ClientChannelEvent.EXIT_STATUS), MINUTE);
            assertEquals("still here\n", shown());
        }
    }

    private ClientChannel open(ClientChannel channel) throws IOException {
        channel.setOut(output);
        channel.open().verify(MINUTE);
        return channel;
    }

    private static void type(ClientChannel channel, String line) throws IOException {
        OutputStream keyboard = channel.getInvertedIn();
        keyboard.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        keyboard.flush();
    }

    private static void send(ClientChannel channel, String signal) throws IOException {
        Buffer request = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
        request.putUInt(((AbstractChannel) channel).getRecipient());
        request.putString("signal");
        request.putBoolean(false);
        request.putString(signal);
        channel.getSession().writePacket(request);
    }

    private String shown() {
        return output.toString(StandardCharsets.UTF_8);
    }
}
