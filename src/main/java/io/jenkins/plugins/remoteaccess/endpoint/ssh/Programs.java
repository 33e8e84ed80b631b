package io.jenkins.plugins.remoteaccess.endpoint.ssh;

import io.jenkins.plugins.remoteaccess.endpoint.recording.Recorder;
import io.jenkins.plugins.remoteaccess.endpoint.recording.Recording;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.session.Place;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Launch;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Program;
import io.jenkins.plugins.remoteaccess.endpoint.terminal.Terminals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.scp.server.ScpCommandFactory;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.shell.ShellFactory;

/** Makes the shells and commands of session channels, in the step's place and environment. */
final class Programs implements ShellFactory, CommandFactory {
    private final SshEndpoint.Settings settings;
    private final Uses uses;
    private final Shells shells;
    private final Terminals terminals;
    private final Executor background;

    Programs(SshEndpoint.Settings settings, Uses uses, Executor background) {
        this.settings = settings;
        this.uses = uses;
        this.shells = new Shells(settings.temporary(), settings.binaries());
        this.terminals = new Terminals(settings.temporary());
        this.background = background;
    }

    @Override
    public Command createShell(ChannelSession channel) {
        LiveConnection connection = LiveConnection.of(channel.getSession());
        connection.opened(Kind.SHELL, channel);
        connection.log(settings.events(), Kind.SHELL, "");
        return new ProgramCommand(
                connection,
                (requested, greeting) -> shell(connection, channel, requested, greeting),
                requested -> record(connection, Kind.SHELL, "", requested),
                background);
    }

    private Program shell(
            LiveConnection connection, ChannelSession channel, Environment requested, List<String> greeting)
            throws IOException {
        uses.check(connection, Kind.SHELL);
        Place place = settings.place().get();
        Path directory = existing(place.directory());
        greeting.add(settings.motd().apply(connection.snapshot()).stripTrailing());
        if (!directory.equals(place.directory())) {
            greeting.add(place.directory() + " has gone; this is " + directory + ".");
        }
        Map<String, String> environment = environment(connection, channel.getSession(), place, requested);
        greeting.addAll(connection.takeNotes());
        greeting.removeIf(String::isEmpty);
        if (place.enclosure().isPresent()) {
            return inside(connection, place, environment, requested, "", greeting);
        }
        terminals.notice().ifPresent(greeting::add);
        boolean terminal = ProgramCommand.terminal(requested);
        List<String> command = shells.shell(Shells.find(environment.get("PATH")), terminal, environment);
        return start(new Launch(command, environment, directory), terminal, requested);
    }

    @Override
    public Command createCommand(ChannelSession channel, String command) throws IOException {
        LiveConnection connection = LiveConnection.of(channel.getSession());
        boolean copy = copy(command);
        Kind kind = copy ? Kind.FILE_TRANSFER : Kind.EXEC;
        connection.opened(kind, channel);
        connection.log(settings.events(), kind, command);
        if (kind == Kind.FILE_TRANSFER) {
            uses.check(connection, kind);
        }
        if (copy && !Shells.onPath(settings.place().get().environment().getOrDefault("PATH", ""), "scp")) {
            return new ScpCommandFactory.Builder()
                    .withFileOpener(new CopiedFiles(
                            () -> existing(settings.place().get().directory())))
                    .build()
                    .createCommand(channel, command);
        }
        return new ProgramCommand(
                connection,
                (requested, greeting) -> {
                    uses.check(connection, kind);
                    return exec(connection, channel, requested, command);
                },
                requested -> copies(command) ? Recording.NONE : record(connection, Kind.EXEC, command, requested),
                background);
    }

    /** Whether {@code command} copies files and can do nothing else: what it sends is no text. */
    static boolean copies(String command) {
        return command.matches("(scp( -[a-zA-Z]+)* -[tf]|scp -[a-zA-Z]*[tf][a-zA-Z]*|rsync --server) [^;&|`()<>\\n]*");
    }

    private Recording record(LiveConnection connection, Kind kind, String command, Environment requested) {
        Optional<String> terminal = ProgramCommand.terminal(requested)
                ? Optional.of(ShellEnvironment.terminal(requested.getEnv().get(Environment.ENV_TERM)))
                : Optional.empty();
        Recorder.Channel channel =
                new Recorder.Channel(kind.label(), command, terminal, ProgramCommand.size(requested));
        return connection
                .grant(settings.grants())
                .map(grant -> settings.recorder().begin(connection.snapshot(), grant, channel))
                .orElse(Recording.NONE);
    }

    private Program exec(LiveConnection connection, ChannelSession channel, Environment requested, String command)
            throws IOException {
        Place place = settings.place().get();
        Map<String, String> environment = environment(connection, channel.getSession(), place, requested);
        if (place.enclosure().isPresent() && !transfer(command)) {
            return inside(connection, place, environment, requested, command, new ArrayList<>());
        }
        List<String> words = Shells.exec(Shells.find(environment.get("PATH")), command);
        Launch launch = new Launch(words, environment, existing(place.directory()));
        return start(launch, ProgramCommand.terminal(requested), requested);
    }

    private static boolean copy(String command) {
        return command.startsWith("scp ")
                && command.matches("scp( -[a-zA-Z]+)* -[tf] .*|scp -[a-zA-Z]*[tf][a-zA-Z]* .*");
    }

    /** Whether this is the other end of a program that copies files: theirs are the agent's, whatever the step ran inside of. */
    private static boolean transfer(String command) {
        return copy(command) || command.startsWith("rsync --server ");
    }

    private Program inside(
            LiveConnection connection,
            Place place,
            Map<String, String> environment,
            Environment requested,
            String command,
            List<String> greeting)
            throws IOException {
        Enclosed enclosed = new Enclosed(place, environment, terminals);
        connection.entered(place.enclosure().orElseThrow(), all -> enclosed.leave(connection.token(), all));
        if (!ProgramCommand.terminal(requested)) {
            return enclosed.pipe(command);
        }
        return enclosed.open(command, ProgramCommand.size(requested), modes(requested), greeting);
    }

    private static Map<String, Integer> modes(Environment requested) {
        Map<String, Integer> modes = new HashMap<>();
        requested.getPtyModes().forEach((mode, value) -> modes.put(mode.name(), value));
        return modes;
    }

    private Program start(Launch launch, boolean terminal, Environment requested) throws IOException {
        if (!terminal) {
            return terminals.pipe(launch);
        }
        return terminals.open(launch, ProgramCommand.size(requested), modes(requested));
    }

    private Map<String, String> environment(
            LiveConnection connection, Session session, Place place, Environment requested) throws IOException {
        Grant grant = connection
                .grant(settings.grants())
                .orElseThrow(() -> new IOException("your access has been taken back"));
        Map<String, String> environment = ShellEnvironment.of(
                place.environmentFor(grant), requested.getEnv(), connection, session, settings.binaries());
        if (ProgramCommand.terminal(requested)) {
            environment.put("TERM", ShellEnvironment.terminal(requested.getEnv().get(Environment.ENV_TERM)));
        }
        environment.putIfAbsent("SHELL", Shells.find(environment.get("PATH")));
        return environment;
    }

    /** {@code directory}, or its nearest parent that is there: a workspace may be removed while its build is held. */
    static Path existing(Path directory) {
        Path nearest = directory.toAbsolutePath();
        for (Path parent = nearest; parent != null && !Files.isDirectory(nearest); parent = parent.getParent()) {
            nearest = parent;
        }
        return nearest.equals(directory.toAbsolutePath()) ? directory : nearest;
    }
}
