package io.jenkins.plugins.remoteaccess.notice;

import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.HoldNews;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * What is to be told.
 *
 * @param event what has happened
 * @param at when
 * @param hold to which hold
 * @param user who has connected; empty for other events
 * @param end how it has ended; empty while it goes on
 */
record Notice(Event event, Instant at, HoldNews hold, Optional<String> user, Optional<End> end) {
    /** What happens to a hold, in the order of its life. */
    enum Event {
        HELD("held"),
        CONNECTED("connected"),
        ENDING_SOON("ending-soon"),
        ENDED("ended");

        private final String name;

        Event(String name) {
            this.name = name;
        }

        /** The name that programs know it by. */
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * The end of a hold.
     *
     * @param ending how, why and by whom
     * @param lasted how long the build was held
     */
    record End(Ending ending, Duration lasted) {}

    /** Something that happens to a hold that goes on. */
    static Notice of(Event event, HoldNews hold) {
        return new Notice(event, Instant.now(), hold, Optional.empty(), Optional.empty());
    }

    /** The build. */
    Run<?, ?> run() {
        return hold.endpoint().run();
    }

    /** Where people go to: absolute where this Jenkins knows its own address. */
    String url() {
        return Objects.requireNonNullElse(Jenkins.get().getRootUrl(), "/") + run().getUrl() + "remote-access/";
    }

    /** The agent's name. */
    String node() {
        return hold.endpoint().node().isEmpty()
                ? Jenkins.get().getDisplayName()
                : hold.endpoint().node();
    }

    /** Who started the build. */
    Optional<String> requester() {
        return hold.endpoint().record().requester();
    }
}
