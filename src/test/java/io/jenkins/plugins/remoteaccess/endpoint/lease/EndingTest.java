package io.jenkins.plugins.remoteaccess.endpoint.lease;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EndingTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final List<String> done = new CopyOnWriteArrayList<>();

    private Ending ending(Ending.Work work, Duration patience) {
        return new Ending(
                work,
                () -> done.add("last resort"),
                () -> 7,
                patience,
                status -> done.add("exit " + status),
                status -> done.add("halt " + status));
    }

    @Test
    void worksOnceThenExits() {
        Ending ending = ending(message -> done.add(message), LONG);
        ending.begin("first");
        ending.begin("second");
        await().until(() -> done.size() >= 2);
        assertEquals(List.of("first", "exit 7"), done);
    }

    @Test
    void takesTheLastResortWhenTheWorkFails() {
        ending(
                        message -> {
                            throw new IllegalStateException(message);
                        },
                        LONG)
                .begin("failing for a test");
        await().until(() -> done.size() >= 2);
        assertEquals(List.of("last resort", "exit 7"), done);
    }

    @Test
    void takesTheLastResortAlsoWhenAClassIsGone() {
        ending(
                        message -> {
                            throw new NoClassDefFoundError(message);
                        },
                        LONG)
                .begin("failing for a test");
        await().until(() -> done.size() >= 2);
        assertEquals(List.of("last resort", "exit 7"), done);
    }

    @Test
    void haltsWhenTheWorkHangs() {
        CountDownLatch never = new CountDownLatch(1);
        ending(message -> never.await(), Duration.ofMillis(50)).begin("hanging");
        await().until(() -> done.size() >= 2);
        assertEquals(List.of("last resort", "halt 7"), done);
    }

    @Test
    void haltsWhenOnlyTheExitHangs() {
        CountDownLatch never = new CountDownLatch(1);
        Ending ending = new Ending(
                message -> done.add("work"),
                () -> done.add("last resort"),
                () -> 0,
                Duration.ofMillis(50),
                status -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        done.add("interrupted");
                    }
                },
                status -> done.add("halt " + status));
        ending.begin("exit hangs");
        await().until(() -> done.size() >= 3);
        assertEquals(List.of("work", "last resort", "halt 0"), done);
    }
}
