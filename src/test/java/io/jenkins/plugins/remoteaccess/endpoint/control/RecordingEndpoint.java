package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.screen.ScreenState;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what it was told to do. */
class RecordingEndpoint implements Steered {
    final List<String> done = new CopyOnWriteArrayList<>();
    final AtomicInteger renewals = new AtomicInteger();

    @Override
    public void renew() {
        renewals.incrementAndGet();
    }

    @Override
    public State state() {
        return new State(4_022, Optional.empty(), List.of(), List.of(), ScreenState.NONE);
    }

    @Override
    public void grants(GrantList grants) {
        done.add("grants " + grants.grants().size());
    }

    @Override
    public void hold(Duration remaining, String reason, Optional<Place> place) {
        done.add("hold " + remaining.toSeconds() + " " + reason);
    }

    @Override
    public void unhold(String message) {
        done.add("unhold " + message);
    }

    @Override
    public void tell(String message) {
        done.add("tell " + message);
    }

    @Override
    public void screen(String password) {
        done.add("screen");
    }

    @Override
    public void disconnect(String connection, String message) {
        done.add("disconnect " + connection + " " + message);
    }

    @Override
    public void answer(String request, boolean accepted, String message) {
        done.add("answer " + request + " " + accepted + " " + message);
    }

    @Override
    public void cut(String message) {
        done.add("cut " + message);
    }

    @Override
    public void close(String message) {
        done.add("close " + message);
    }
}
