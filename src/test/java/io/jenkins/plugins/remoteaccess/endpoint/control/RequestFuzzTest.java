package io.jenkins.plugins.remoteaccess.endpoint.control;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever comes on standard input or the control socket: a message, or {@link BadMessage}, and nothing else. */
class RequestFuzzTest {
    @FuzzTest
    void requestIsReadOrRefused(byte[] json) {
        try {
            Request.of(Members.read(json));
        } catch (BadMessage refused) {
            says(refused);
        }
    }

    @FuzzTest
    void configurationIsReadOrRefused(byte[] json) {
        try {
            Configuration.of(json);
        } catch (BadMessage refused) {
            says(refused);
        }
    }

    private static void says(BadMessage refused) {
        if (refused.getMessage() == null || refused.getMessage().isBlank()) {
            throw new AssertionError("refused without a reason", refused);
        }
    }
}
