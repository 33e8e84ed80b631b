package io.jenkins.plugins.remoteaccess.endpoint.screen;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** What the endpoint has to know of the remote framebuffer protocol, RFC 6143. */
final class Rfb {
    private static final int MILLIS = 500;
    private static final String GREETING = "RFB ";
    private static final int PASSWORD = 8;
    private static final byte[] STORED = {23, 82, 107, 6, 35, 78, 88, 7};

    private Rfb() {}

    /** Whether a VNC server greets at {@code port} of loopback (section 7.1.1). */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MILLIS);
            socket.setSoTimeout(MILLIS);
            byte[] greeting = socket.getInputStream().readNBytes(GREETING.length());
            return new String(greeting, StandardCharsets.US_ASCII).equals(GREETING);
        } catch (IOException nobody) {
            return false;
        }
    }

    /** A port of loopback that nobody listens at just now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** {@code password} as VNC servers keep it in a file: encrypted with DES and a key that everybody knows, which protects nothing. */
    static byte[] stored(String password) {
        try {
            byte[] key = STORED.clone();
            for (int i = 0; i < key.length; i++) {
                key[i] = (byte) (Integer.reverse(key[i]) >>> Integer.SIZE - Byte.SIZE);
            }
            Cipher cipher = Cipher.getInstance("DES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
            return cipher.doFinal(Arrays.copyOf(password.getBytes(StandardCharsets.US_ASCII), PASSWORD));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has DES", e);
        }
    }
}
