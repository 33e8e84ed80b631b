package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.Extension;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.AbstractBuild;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Run;
import hudson.tasks.CommandInterpreter;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;
import java.io.IOException;
import java.util.Optional;
import jenkins.tasks.filters.EnvVarsFilterableBuilder;

/**
 * The launcher of a marked build: what its shell and batch builders start is held when it fails; everything else it starts is left alone.
 * Build wrappers decorate outside of this, so that a retry starts what they made of the command.
 */
final class HoldingLauncher extends Launcher.DecoratedLauncher {
    private final AbstractBuild<?, ?> build;
    private Optional<CommandInterpreter> announced = Optional.empty();

    private HoldingLauncher(Launcher inner, AbstractBuild<?, ?> build) {
        super(inner);
        this.build = build;
    }

    /** The rules are those of the launcher that starts the process; {@link Launcher.DecoratedLauncher} does not hand them on. */
    @Override
    public void prepareFilterRules(Run<?, ?> run, EnvVarsFilterableBuilder builder) {
        announced = builder instanceof CommandInterpreter shell ? Optional.of(shell) : Optional.empty();
        getInner().prepareFilterRules(run, builder);
    }

    @Override
    public Proc launch(ProcStarter starter) throws IOException {
        Optional<CommandInterpreter> builder = announced;
        announced = Optional.empty();
        Optional<MarkedBuild> marked = MarkedBuild.of(build).filter(MarkedBuild::holdsShells);
        if (marked.isEmpty() || !Callers.inShellBuilder()) {
            return getInner().launch(starter);
        }
        ShellRun shell = new ShellRun(build, getInner(), starter, builder.or(marked.get()::runningShell));
        return new HeldProc(marked.get(), shell, getInner().launch(starter));
    }

    /** Decorates in marked builds alone. */
    @Extension
    public static final class Decorator extends LauncherDecorator {
        @Override
        public Launcher decorate(Launcher launcher, Node node) {
            Executor executor = Executor.currentExecutor();
            return executor != null
                            && executor.getCurrentExecutable() instanceof AbstractBuild<?, ?> build
                            && RemoteAccessMark.of(build).isPresent()
                    ? new HoldingLauncher(launcher, build)
                    : launcher;
        }
    }
}
