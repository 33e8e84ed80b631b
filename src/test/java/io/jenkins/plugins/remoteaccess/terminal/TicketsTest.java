package io.jenkins.plugins.remoteaccess.terminal;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.api.Test;

class TicketsTest {
    private static final Tickets.Holder HOLDER = new Tickets.Holder("alice", "0123", "session");

    private final Tickets tickets = new Tickets();

    @Test
    void aTicketIsGoodOnce() {
        String ticket = tickets.issue(HOLDER);
        assertThat(tickets.redeem(ticket, HOLDER), is(true));
        assertThat(tickets.redeem(ticket, HOLDER), is(false));
    }

    @Test
    void aTicketIsGoodForItsHolderAlone() {
        String ticket = tickets.issue(HOLDER);
        assertThat(tickets.redeem(ticket, new Tickets.Holder("bob", "0123", "session")), is(false));
        assertThat(tickets.redeem(ticket, new Tickets.Holder("alice", "4567", "session")), is(false));
        assertThat(tickets.redeem(ticket, new Tickets.Holder("alice", "0123", "other")), is(false));
        assertThat(tickets.redeem(null, HOLDER), is(false));
        assertThat("a wrong try does not use it up", tickets.redeem(ticket, HOLDER), is(true));
    }

    @Test
    void oneTicketDoesNotReplaceAnother() {
        String first = tickets.issue(HOLDER);
        String second = tickets.issue(HOLDER);
        assertThat(tickets.redeem(first, HOLDER) && tickets.redeem(second, HOLDER), is(true));
    }
}
