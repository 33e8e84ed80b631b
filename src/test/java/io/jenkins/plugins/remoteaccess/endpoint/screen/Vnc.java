package io.jenkins.plugins.remoteaccess.endpoint.screen;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** A client that logs in and looks at one pixel, RFC 6143. */
public final class Vnc implements AutoCloseable {
    private static final int VNC_AUTHENTICATION = 2;
    private static final int RAW = 0;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private int bytesPerPixel;

    /** Greets the server at {@code port} of loopback. */
    public Vnc(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        in.readNBytes(12);
        out.write("RFB 003.008\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether the server takes {@code password}; it asks for one, or this fails. */
    public boolean logsIn(String password) throws IOException, GeneralSecurityException {
        byte[] kinds = in.readNBytes(in.readUnsignedByte());
        if (kinds.length != 1 || kinds[0] != VNC_AUTHENTICATION) {
            throw new IOException("lets in by other means: " + Arrays.toString(kinds));
        }
        out.write(VNC_AUTHENTICATION);
        byte[] key = Arrays.copyOf(password.getBytes(StandardCharsets.US_ASCII), 8);
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (Integer.reverse(key[i]) >>> 24);
        }
        Cipher cipher = Cipher.getInstance("DES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
        out.write(cipher.doFinal(in.readNBytes(16)));
        return in.readInt() == 0;
    }

    /** The pixel in the corner, as red, green and blue; after a login. */
    public int corner() throws IOException {
        if (bytesPerPixel == 0) {
            out.write(1);
            in.readInt();
            byte[] format = in.readNBytes(16);
            bytesPerPixel = format[0] / 8;
            in.readNBytes(in.readInt());
        }
        out.write(new byte[] {2, 0, 0, 1, 0, 0, 0, RAW});
        out.write(new byte[] {3, 0, 0, 0, 0, 0, 0, 1, 0, 1});
        while (in.readUnsignedByte() != 0) {
            throw new IOException("something else than an update");
        }
        in.readByte();
        in.readUnsignedShort();
        in.readNBytes(12);
        byte[] pixel = in.readNBytes(bytesPerPixel);
        // Little-endian true colour, as Xvfb and Xvnc have it
        return (pixel[2] & 0xFF) << 16 | (pixel[1] & 0xFF) << 8 | pixel[0] & 0xFF;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
