package io.jenkins.plugins.remoteaccess.notice;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import hudson.util.Secret;
import io.jenkins.plugins.remoteaccess.policy.Webhook;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the wire, to servers on loopback. */
class WebhookSenderTest {
    private static final char[] PASSWORD = "password".toCharArray();
    private static final Delivery DELIVERY =
            Delivery.of("held", JsonNodeFactory.instance.objectNode().put("job", "a\nb"));

    private final WebhookSender sender = WebhookSender.standard();
    private Receiver receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void whatIsSentIsSignedWithItsTime() throws Exception {
        Webhook webhook = webhook(receiver.url("/hook?room=1"));
        webhook.setSecret(Secret.fromString("s3cret"));
        sender.send(DELIVERY, webhook);
        Receiver.Got got = receiver.got().get(0);
        assertThat(got.method() + " " + got.path(), is("POST /hook?room=1"));
        assertThat(got.header("Content-Type"), is("application/json"));
        assertThat(got.header("X-Remote-Access-Event"), is("held"));
        assertThat(
                got.header("X-Remote-Access-Delivery"),
                is(got.json().get("delivery").asText()));
        assertThat(got.json().get("job").asText(), is("a\nb"));
        String timestamp = got.header("X-Remote-Access-Timestamp");
        assertThat(Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)), lessThan(60L));
        assertThat(
                got.header("X-Remote-Access-Signature-256"),
                is("sha256=" + openssl("s3cret", timestamp + "." + got.body())));
    }

    @Test
    void withoutASecretNothingIsSigned() throws Exception {
        sender.send(DELIVERY, webhook(receiver.url("/")));
        assertThat(receiver.got().get(0).header("X-Remote-Access-Signature-256"), is(nullValue()));
    }

    @Test
    void loopbackIsRefusedUnlessInternalAddressesAreAllowed() throws Exception {
        for (String host : List.of("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]")) {
            Webhook webhook = webhook("http://" + host + ":" + receiver.port() + "/");
            webhook.setInternalAddresses(false);
            IOException refusal = assertThrows(IOException.class, () -> sender.send(DELIVERY, webhook), host);
            assertThat(host, refusal.getClass().getSimpleName(), not("ConnectException"));
        }
        assertEquals(List.of(), receiver.got());
    }

    @Test
    void httpIsRefusedUnlessItIsAllowed() throws Exception {
        Webhook webhook = webhook(receiver.url("/"));
        webhook.setPlainHttp(false);
        assertThrows(Destination.Refused.class, () -> sender.send(DELIVERY, webhook));
        assertEquals(List.of(), receiver.got());
    }

    @Test
    void noRedirectIsFollowed() throws Exception {
        try (Receiver elsewhere = new Receiver()) {
            receiver.answer(307, elsewhere.url("/"));
            WebhookSender.Unwanted refusal =
                    assertThrows(WebhookSender.Unwanted.class, () -> sender.send(DELIVERY, webhook(receiver.url("/"))));
            assertThat(refusal.getMessage(), containsString("redirects are not followed"));
            assertEquals(List.of(), elsewhere.got());
        }
    }

    /** The name has a harmless address when it is checked, and this machine's from then on. */
    @Test
    void theAddressThatWasCheckedIsTheOneThatIsConnectedTo() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        InetAddress elsewhere = InetAddress.getByAddress("rebinding.test", new byte[] {(byte) 192, 0, 2, 1});
        InetAddress here = InetAddress.getByAddress("rebinding.test", new byte[] {127, 0, 0, 1});
        WebhookSender rebound = new WebhookSender(
                host -> {
                    asked.add(host);
                    return new InetAddress[] {asked.size() == 1 ? elsewhere : here};
                },
                sender.tls());
        Webhook webhook = webhook("http://rebinding.test:" + receiver.port() + "/");
        webhook.setInternalAddresses(false);
        assertThrows(IOException.class, () -> rebound.send(DELIVERY, webhook));
        assertEquals(List.of("rebinding.test"), asked);
        assertEquals(List.of(), receiver.got());
        assertThrows(
                Destination.Refused.class,
                () -> rebound.send(DELIVERY, webhook),
                "the next attempt asks anew, and sees it");
    }

    @Test
    void theNextAddressIsTriedWhereOneDoesNotAnswer() throws Exception {
        WebhookSender two = new WebhookSender(
                host -> new InetAddress[] {InetAddress.getByName("::1"), InetAddress.getByName("127.0.0.1")},
                sender.tls());
        two.send(DELIVERY, webhook("http://two.test:" + receiver.port() + "/"));
        assertThat(receiver.got().get(0).header("Host"), is("two.test:" + receiver.port()));
    }

    @Test
    void anAnswerWithoutEndIsCutOff() throws Exception {
        try (ServerSocket babbling = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread talk = new Thread(() -> babble(babbling));
            talk.setDaemon(true);
            talk.start();
            IOException failure = assertThrows(
                    IOException.class,
                    () -> sender.send(DELIVERY, webhook("http://127.0.0.1:" + babbling.getLocalPort() + "/")));
            assertThat(failure.getMessage(), is("the answer is too long"));
        }
    }

    @Test
    void whoNeverAnswersIsGivenUpInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Instant begin = Instant.now();
            assertThrows(
                    IOException.class,
                    () -> sender.send(DELIVERY, webhook("http://127.0.0.1:" + silent.getLocalPort() + "/")));
            assertThat(Duration.between(begin, Instant.now()).toSeconds(), lessThan(30L));
        }
    }

    @Test
    void tlsAsksForTheHostsNameAndChecksItsCertificate(@TempDir Path directory) throws Exception {
        KeyStore keys = selfSigned(directory, "hooks.test");
        List<String> names = new CopyOnWriteArrayList<>();
        HttpsServer server = https(keys, names);
        try {
            WebhookSender local =
                    new WebhookSender(host -> new InetAddress[] {InetAddress.getLoopbackAddress()}, trusting(keys));
            int port = server.getAddress().getPort();
            local.send(DELIVERY, webhook("https://hooks.test:" + port + "/"));
            assertThat(names.toString(), containsString("hooks.test"));
            assertThrows(SSLException.class, () -> local.send(DELIVERY, webhook("https://other.test:" + port + "/")));
            WebhookSender untrusting = new WebhookSender(local.resolver(), sender.tls());
            assertThrows(
                    SSLException.class, () -> untrusting.send(DELIVERY, webhook("https://hooks.test:" + port + "/")));
            assertEquals(1, names.size());
        } finally {
            server.stop(0);
        }
    }

    private static Webhook webhook(String url) {
        Webhook webhook = new Webhook(url);
        webhook.setPlainHttp(true);
        webhook.setInternalAddresses(true);
        return webhook;
    }

    /** Another implementation's opinion. */
    static String openssl(String secret, String text) throws Exception {
        Process process = new ProcessBuilder("openssl", "dgst", "-sha256", "-hmac", secret, "-r").start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        }
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.US_ASCII).split(" ")[0];
        }
    }

    private static void babble(ServerSocket babbling) {
        try (Socket socket = babbling.accept()) {
            OutputStream out = socket.getOutputStream();
            while (true) {
                out.write("HTTP/1.1 100 Continue\r\nX: y\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // Cut off, as it should be
        }
    }

    private static HttpsServer https(KeyStore keys, List<String> names) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            var session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
            names.add(session.getRequestedServerNames().toString());
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static SSLSocketFactory trusting(KeyStore keys) throws Exception {
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private static KeyStore selfSigned(Path directory, String host) throws Exception {
        Path file = directory.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "password",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "san=dns:" + host)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        KeyStore pair = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            pair.load(in, PASSWORD);
        }
        pair.setCertificateEntry("trusted", pair.getCertificate("own"));
        return pair;
    }
}
