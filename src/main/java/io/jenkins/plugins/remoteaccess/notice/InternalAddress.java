package io.jenkins.plugins.remoteaccess.notice;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Tells addresses on the Internet from those inside, which a controller reaches and the person who typed them may not: the special-purpose
 * registries of RFC 6890, and IPv6 addresses that carry an IPv4 address of that kind within them.
 */
final class InternalAddress {
    private static final List<Block> BLOCKS = List.of(
            new Block("0.0.0.0", 8),
            new Block("10.0.0.0", 8),
            new Block("100.64.0.0", 10),
            new Block("127.0.0.0", 8),
            new Block("169.254.0.0", 16),
            new Block("172.16.0.0", 12),
            new Block("192.0.0.0", 24),
            new Block("192.168.0.0", 16),
            new Block("198.18.0.0", 15),
            new Block("224.0.0.0", 3),
            // Unspecified, loopback, IPv4-mapped and the deprecated IPv4-compatible addresses
            new Block("::", 80),
            new Block("100::", 64),
            new Block("fc00::", 7),
            new Block("fe80::", 9),
            new Block("ff00::", 8));

    /** Where an IPv6 address carries an IPv4 address: mapped, NAT64 (RFC 6052 and RFC 8215), 6to4. */
    private static final List<Carrier> CARRIERS = List.of(
            new Carrier(new Block("64:ff9b::", 96), 12),
            new Carrier(new Block("64:ff9b:1::", 48), 12),
            new Carrier(new Block("2002::", 16), 2));

    /** Teredo, RFC 4380: the client's address is in it, inverted; nobody serves a webhook there. */
    private static final Block TEREDO = new Block("2001::", 32);

    private InternalAddress() {}

    /** Whether {@code address} is none of the Internet. */
    static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return listed(bytes);
        }
        return listed(bytes)
                || TEREDO.contains(bytes)
                || CARRIERS.stream()
                        .filter(carrier -> carrier.block().contains(bytes))
                        .anyMatch(carrier -> listed(Arrays.copyOfRange(bytes, carrier.at(), carrier.at() + 4)));
    }

    /** Whether nothing can listen there at all, however much is allowed: many machines, or none. */
    static boolean isNobody(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.isMulticastAddress()
                || address.isAnyLocalAddress()
                || address instanceof Inet4Address && (bytes[0] == 0 || (bytes[0] & 0xF0) == 0xF0)
                || address instanceof Inet6Address six && six.isIPv4CompatibleAddress() && !six.isLoopbackAddress();
    }

    private static boolean listed(byte[] bytes) {
        return BLOCKS.stream().anyMatch(block -> block.contains(bytes));
    }

    private record Carrier(Block block, int at) {}

    /** The addresses that begin with the same bits. */
    private record Block(byte[] start, int bits) {
        Block(String start, int bits) {
            this(literal(start), bits);
        }

        boolean contains(byte[] bytes) {
            if (bytes.length != start.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                if (((bytes[bit / 8] ^ start[bit / 8]) >> 7 - bit % 8 & 1) != 0) {
                    return false;
                }
            }
            return true;
        }

        private static byte[] literal(String address) {
            try {
                return InetAddress.getByName(address).getAddress();
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(address, e);
            }
        }
    }
}
