package io.jenkins.plugins.remoteaccess.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternalAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.0.3",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "0.1.2.3",
                "198.18.0.1",
                "192.0.0.170",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::7f00:1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::a00:1",
                "2002:7f00:1::",
                "2002:a9fe:a9fe::1",
                "2001:0:4136:e378::1"
            })
    void insideIsRefused(String literal) throws Exception {
        assertTrue(InternalAddress.is(InetAddress.getByName(literal)), literal);
        assertThrows(
                Destination.Refused.class,
                () -> Destination.of("example.org", false, host -> InetAddress.getAllByName(literal)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
                "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
                        "192.0.1.0",
                "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "64:ff9b::101:101",
                        "2002:101:101::1"
            })
    void theInternetIsNot(String literal) throws Exception {
        assertFalse(InternalAddress.is(InetAddress.getByName(literal)), literal);
        assertEquals(
                List.of(InetAddress.getByName(literal)),
                Destination.of("example.org", false, host -> InetAddress.getAllByName(literal)));
    }

    @Test
    void aMappedAddressIsInsideInWhateverClassItComes() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xFF;
        mapped[12] = 127;
        mapped[15] = 1;
        assertTrue(InternalAddress.is(Inet6Address.getByAddress("example.org", mapped, -1)));
    }

    @Test
    void oneAddressInsideIsEnough() {
        assertThrows(
                Destination.Refused.class,
                () -> Destination.of("example.org", false, host ->
                        new InetAddress[] {InetAddress.getByName("1.1.1.1"), InetAddress.getByName("10.0.0.1")}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255"})
    void whatIsNoMachineIsRefusedWhateverIsAllowed(String literal) {
        assertThrows(
                Destination.Refused.class,
                () -> Destination.of("example.org", true, host -> InetAddress.getAllByName(literal)));
    }
}
