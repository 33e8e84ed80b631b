package io.jenkins.plugins.remoteaccess.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlainTest {
    @Property
    void loginIsSafeWhateverTheUserIsCalled(@ForAll String user) {
        assertTrue(Plain.login(user).matches("[a-z0-9][a-z0-9._-]{0,31}"), Plain.login(user));
    }

    @Property
    void commentIsOneLine(@ForAll String text) {
        assertTrue(Plain.comment(text).matches("[\\x20-\\x7E]*"), Plain.comment(text));
    }

    @Test
    void ordinaryUsersKeepTheirName() {
        assertEquals("alice.smith-2", Plain.login("Alice.Smith-2"));
    }

    @Test
    void loginNeverLooksLikeAnOption() {
        assertEquals("oproxycommandid", Plain.login("-oProxyCommand=$(id)"));
    }
}
