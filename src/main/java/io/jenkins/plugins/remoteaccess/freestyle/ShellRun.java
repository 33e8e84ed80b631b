package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Proc;
import hudson.model.AbstractBuild;
import hudson.tasks.BatchFile;
import hudson.tasks.CommandInterpreter;
import hudson.tasks.Shell;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** How a shell or batch builder's process was started, and so can be again. On the executor's thread. */
final class ShellRun {
    private static final Logger LOGGER = Logger.getLogger(ShellRun.class.getName());

    private final AbstractBuild<?, ?> build;
    private final Launcher launcher;
    private final Launcher.ProcStarter starter;
    private final List<FilePath> made = new ArrayList<>();
    private final CommandInterpreter builder;
    private CommandInterpreter text;
    private FilePath script;

    /**
     * What {@code launcher} is about to start.
     *
     * @param builder whose process it is; empty for one inside another builder, behind a launcher that does not tell
     */
    ShellRun(
            AbstractBuild<?, ?> build,
            Launcher launcher,
            Launcher.ProcStarter starter,
            Optional<CommandInterpreter> builder) {
        this.build = build;
        this.launcher = launcher;
        this.starter = starter.copy();
        this.builder = builder.orElse(null);
        this.text = this.builder;
        List<String> command = starter.cmds();
        FilePath workspace = build.getWorkspace();
        if (edits() && workspace != null) {
            // Core's own two name their script last
            this.script = new FilePath(workspace.getChannel(), command.get(command.size() - 1));
        }
    }

    /** Whether the builder says that this exit code makes the build UNSTABLE and is no failure. */
    boolean meansUnstable(int code) {
        Integer unstable = null;
        if (builder instanceof Shell shell) {
            unstable = shell.getUnstableReturn();
        } else if (builder instanceof BatchFile batch) {
            unstable = batch.getUnstableReturn();
        }
        return unstable != null && unstable == code;
    }

    /** Whether it can be started with another script. */
    boolean edits() {
        return builder instanceof Shell || builder instanceof BatchFile;
    }

    /** The builder's name, for people. */
    String displayName() {
        return builder == null ? "a shell" : builder.getDescriptor().getDisplayName();
    }

    /** What the endpoint is told of it: the steps of Pipeline that do the same have given the names. */
    FailedStep describe(int code) {
        String name = builder instanceof Shell ? "sh" : builder instanceof BatchFile ? "bat" : displayName();
        return new FailedStep(name, Optional.of(code), Optional.ofNullable(text).map(CommandInterpreter::getCommand));
    }

    /** The variables that the process was given beside those of its agent. */
    EnvVars variables() {
        EnvVars variables = new EnvVars();
        for (String line : starter.envs()) {
            variables.addLine(line);
        }
        return variables;
    }

    /** Starts it again, with {@code edited} as its script if that is given, from now on. */
    Proc start(Optional<String> edited) throws IOException, InterruptedException {
        if (edited.isPresent() && edits()) {
            replace(builder instanceof Shell ? new Shell(edited.get()) : new BatchFile(edited.get()));
        } else if (script != null && !script.exists()) {
            replace(text);
        }
        if (builder != null) {
            launcher.prepareFilterRules(build, builder);
        }
        return launcher.launch(starter.copy());
    }

    /** Removes the scripts that were made here; the builder removes its own. */
    void removeScripts() throws InterruptedException {
        for (FilePath file : made) {
            try {
                file.delete();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Cannot remove " + file);
            }
        }
    }

    /** Puts the command line of {@code other} at the end of what launchers made of the old one; its settings stay those of the builder. */
    private void replace(CommandInterpreter other) throws IOException, InterruptedException {
        FilePath workspace = build.getWorkspace();
        if (workspace == null) {
            throw new IOException("the workspace is gone");
        }
        List<String> before = List.of(text.buildCommandLine(script));
        FilePath fresh = other.createScriptFile(workspace);
        made.add(fresh);
        List<String> command = new ArrayList<>(starter.cmds());
        int head = command.size() - before.size();
        if (starter.masks() == null
                && head >= 0
                && command.subList(head, command.size()).equals(before)) {
            command.subList(head, command.size()).clear();
            command.addAll(List.of(other.buildCommandLine(fresh)));
        } else {
            command.set(command.size() - 1, fresh.getRemote());
        }
        starter.cmds(command);
        text = other;
        script = fresh;
    }
}
