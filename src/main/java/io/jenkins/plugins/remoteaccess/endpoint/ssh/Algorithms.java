package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.kex.DHGServer;

/**
 * The algorithms offered, the best first. MINA's own defaults are not asked: they contain SHA-1, and asking whether each is
 * supported would load all of Bouncy Castle before the first client has come.
 */
final class Algorithms {
    private static final List<BuiltinDHFactories> CLASSICAL = List.of(
            BuiltinDHFactories.curve25519,
            BuiltinDHFactories.curve25519_libssh,
            BuiltinDHFactories.dhg16_512,
            BuiltinDHFactories.dhg18_512);

    private Algorithms() {}

    /** Sets every list of {@code builder}, so that it fills in none of its own. */
    static void set(ServerBuilder builder) {
        builder.keyExchangeFactories(keyExchanges());
        builder.cipherFactories(ciphers());
        builder.macFactories(List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm));
        builder.compressionFactories(List.of(BuiltinCompressions.none));
        builder.signatureFactories(List.of(
                BuiltinSignatures.ed25519,
                BuiltinSignatures.sk_ssh_ed25519,
                BuiltinSignatures.sk_ecdsa_sha2_nistp256,
                BuiltinSignatures.nistp256,
                BuiltinSignatures.nistp384,
                BuiltinSignatures.nistp521,
                BuiltinSignatures.rsaSHA512,
                BuiltinSignatures.rsaSHA256));
    }

    private static List<KeyExchangeFactory> keyExchanges() {
        List<BuiltinDHFactories> exchanges = new ArrayList<>();
        if (present("org.bouncycastle.crypto.kems.MLKEMGenerator")) {
            exchanges.add(BuiltinDHFactories.mlkem768x25519);
        }
        if (present("org.bouncycastle.pqc.crypto.ntruprime.SNTRUPrimeKEMGenerator")) {
            exchanges.add(BuiltinDHFactories.sntrup761x25519);
            exchanges.add(BuiltinDHFactories.sntrup761x25519_openssh);
        }
        exchanges.addAll(CLASSICAL);
        return exchanges.stream().map(DHGServer::newFactory).toList();
    }

    /** AES alone as long as the processor has it: 2 to 3 times faster in Java than ChaCha20, which OpenSSH up to 9.x would choose. */
    private static List<NamedFactory<Cipher>> ciphers() {
        List<NamedFactory<Cipher>> ciphers = new ArrayList<>();
        if (processorLacksAes()) {
            ciphers.add(BuiltinCiphers.cc20p1305_openssh);
        }
        ciphers.addAll(List.of(
                BuiltinCiphers.aes128gcm,
                BuiltinCiphers.aes256gcm,
                BuiltinCiphers.aes128ctr,
                BuiltinCiphers.aes192ctr,
                BuiltinCiphers.aes256ctr));
        return ciphers;
    }

    /** Found, not loaded: its classes are needed by clients that choose it only. */
    private static boolean present(String className) {
        return Algorithms.class.getClassLoader().getResource(className.replace('.', '/') + ".class") != null;
    }

    private static boolean processorLacksAes() {
        try {
            List<String> features = Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .toList();
            return !features.isEmpty()
                    && features.stream()
                            .noneMatch(line -> List.of(line.split("\\s+")).contains("aes"));
        } catch (IOException notLinux) {
            return false;
        }
    }
}
