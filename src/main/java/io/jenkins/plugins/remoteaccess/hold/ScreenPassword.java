package io.jenkins.plugins.remoteaccess.hold;

import java.security.SecureRandom;
import java.util.stream.Collectors;

/** Makes the passwords of screens: VNC knows eight characters, and nothing but the agent's loopback is behind them. */
final class ScreenPassword {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static final int LENGTH = 8;

    private ScreenPassword() {}

    /** A fresh one, without letters that look alike. */
    static String fresh() {
        return RANDOM.ints(LENGTH, 0, LETTERS.length())
                .mapToObj(index -> String.valueOf(LETTERS.charAt(index)))
                .collect(Collectors.joining());
    }
}
