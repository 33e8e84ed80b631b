package io.jenkins.plugins.remoteaccess.endpoint.screen;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The screen of one endpoint. The build's own display is shown where it has one; else a VNC server that is there, as macOS has one; else a
 * display is started. Safe for use by any thread; {@link #open} takes its time, {@link #state} does not.
 */
public final class Screen implements AutoCloseable {
    private static final int STANDARD_PORT = 5900;
    private static final String SIZE = "1280x800";
    private static final int ATTEMPTS = 100;
    private static final long PAUSE_MILLIS = 100;
    private static final String MISSING = "no screen can be shown: install the packages x11vnc and xvfb on this machine"
            + " (or a package with Xvnc, such as tigervnc-standalone-server)";

    private final String programs;
    private final Path folder;
    private final Supplier<Place> place;
    private final EventLog events;
    private Tool vnc;
    private VirtualDisplay display;
    private Mirrored mirrored;
    private boolean closed;
    private volatile ScreenState state = ScreenState.NONE;

    /** How a display that is there is shown: by which program, with which environment. */
    private record Mirrored(String x11vnc, Map<String, String> environment) {}

    /**
     * @param folder a private directory, for passwords and logs
     * @param place tells the build's display
     * @param events is told what became of it
     */
    public Screen(Path folder, Supplier<Place> place, EventLog events) {
        this(folder, place, events, Tool.USUAL);
    }

    Screen(Path folder, Supplier<Place> place, EventLog events, String programs) {
        this.programs = programs;
        this.folder = folder;
        this.place = place;
        this.events = events;
    }

    /** How it stands. */
    public ScreenState state() {
        return state;
    }

    /** What {@code environment} becomes for programs that are to be seen on the screen that was started here. */
    public Map<String, String> show(Map<String, String> environment) {
        String name = started();
        if (name.isEmpty() || environment.containsKey("DISPLAY")) {
            return environment;
        }
        Map<String, String> more = new HashMap<>(environment);
        more.put("DISPLAY", name);
        more.put("XAUTHORITY", authority().toString());
        return more;
    }

    private synchronized String started() {
        return display == null ? "" : display.name();
    }

    /** Shows it, with {@code password}; where it is shown already, the password is the new one. */
    public synchronized void open(String password) {
        if (closed) {
            return;
        }
        try {
            boolean other = write(password);
            if (state.port() == 0 || !alive()) {
                stop();
                state = start(environment());
            } else if (other && mirrored != null) {
                vnc.close();
                state = mirror(mirrored);
            }
        } catch (IOException e) {
            stop();
            state = ScreenState.unavailable("no screen can be shown: " + e.getMessage());
        }
        events.add("screen", "", "", state.what());
    }

    private boolean alive() {
        return vnc == null ? Rfb.answers(state.port()) : vnc.runs();
    }

    private ScreenState start(Map<String, String> environment) throws IOException {
        Optional<String> x11vnc = Tool.find("x11vnc", environment, programs);
        String own = environment.getOrDefault("DISPLAY", "");
        if (!own.isEmpty()) {
            return x11vnc.isPresent()
                    ? mirror(new Mirrored(x11vnc.get(), environment))
                    : ScreenState.unavailable("the build's display " + own
                            + " cannot be shown: install the package x11vnc on this machine");
        }
        if (Rfb.answers(STANDARD_PORT)) {
            return new ScreenState(STANDARD_PORT, "the VNC server of this machine, with its own password", false);
        }
        Optional<String> xvfb = Tool.find("Xvfb", environment, programs);
        if (x11vnc.isPresent() && xvfb.isPresent()) {
            display = VirtualDisplay.start(
                    List.of(xvfb.get(), "-screen", "0", SIZE + "x24"), environment, authority(), log("x"));
            return mirror(new Mirrored(x11vnc.get(), show(environment)));
        }
        Optional<String> xvnc = Tool.find("Xvnc", environment, programs);
        return xvnc.isPresent() ? serve(xvnc.get(), environment) : ScreenState.unavailable(MISSING);
    }

    /** Shows a display that is there. */
    private ScreenState mirror(Mirrored shown) throws IOException {
        mirrored = shown;
        int port = Rfb.freePort();
        String name = shown.environment().get("DISPLAY");
        // -noipv6: with -localhost it would listen at every address of IPv6 on some systems
        vnc = Tool.start(
                List.of(
                        shown.x11vnc(),
                        "-display",
                        name,
                        "-localhost",
                        "-noipv6",
                        "-rfbport",
                        String.valueOf(port),
                        "-passwdfile",
                        password().toString(),
                        "-forever",
                        "-shared",
                        "-norc",
                        "-nolookup",
                        "-nobell",
                        "-quiet",
                        "-noxdamage"),
                shown.environment(),
                log("vnc"));
        vnc.process().getInputStream().close();
        await(port, vnc::runs);
        return new ScreenState(port, "display " + name, true);
    }

    /** A display that is a VNC server too. */
    private ScreenState serve(String xvnc, Map<String, String> environment) throws IOException {
        int port = Rfb.freePort();
        display = VirtualDisplay.start(
                List.of(
                        xvnc,
                        "-geometry",
                        SIZE,
                        "-depth",
                        "24",
                        "-localhost",
                        "-rfbport",
                        String.valueOf(port),
                        "-SecurityTypes",
                        "VncAuth",
                        "-PasswordFile",
                        stored().toString(),
                        "-AlwaysShared"),
                environment,
                authority(),
                log("x"));
        await(port, display::runs);
        return new ScreenState(port, "display " + display.name(), true);
    }

    private static void await(int port, BooleanSupplier runs) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (Rfb.answers(port)) {
                return;
            }
            if (!runs.getAsBoolean()) {
                throw new IOException("the VNC server has ended at once; is the display there?");
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        throw new IOException("the VNC server does not answer");
    }

    /** Without the build's secrets: none of these programs needs them. */
    private Map<String, String> environment() {
        Place now = place.get();
        Map<String, String> environment = new HashMap<>(now.environment());
        environment.keySet().removeAll(now.sensitive());
        return environment;
    }

    /** Whether it is another than before. */
    private boolean write(String password) throws IOException {
        Files.createDirectories(folder);
        for (Path file : List.of(password(), stored())) {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        }
        boolean other = !Files.readString(password()).equals(password + "\n");
        Files.writeString(password(), password + "\n");
        Files.write(stored(), Rfb.stored(password));
        return other;
    }

    private Path password() {
        return folder.resolve("password");
    }

    private Path stored() {
        return folder.resolve("password.vnc");
    }

    private Path authority() {
        return folder.resolve("authority");
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private void stop() {
        mirrored = null;
        if (vnc != null) {
            vnc.close();
            vnc = null;
        }
        if (display != null) {
            display.close();
            display = null;
        }
        state = ScreenState.NONE;
    }

    /** Ends what was started; waits for it, some seconds at most. */
    @Override
    public synchronized void close() {
        closed = true;
        stop();
    }
}
