package io.jenkins.plugins.remoteaccess.notice;

import io.jenkins.plugins.remoteaccess.hold.Ending;
import io.jenkins.plugins.remoteaccess.hold.HoldListener;
import io.jenkins.plugins.remoteaccess.hold.HoldNews;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Somebody who wants every event in one form. */
interface NoticeTaker extends HoldListener {
    /** Takes it, and does what takes long elsewhere. */
    void take(Notice notice);

    @Override
    default void onHeld(HoldNews hold) {
        take(Notice.of(Notice.Event.HELD, hold));
    }

    @Override
    default void onEndingSoon(HoldNews hold) {
        take(Notice.of(Notice.Event.ENDING_SOON, hold));
    }

    @Override
    default void onConnected(HoldNews hold, String user) {
        take(new Notice(Notice.Event.CONNECTED, Instant.now(), hold, Optional.of(user), Optional.empty()));
    }

    @Override
    default void onEnded(HoldNews hold, Ending ending, Duration lasted) {
        Notice.End end = new Notice.End(ending, lasted);
        take(new Notice(Notice.Event.ENDED, Instant.now(), hold, Optional.empty(), Optional.of(end)));
    }
}
