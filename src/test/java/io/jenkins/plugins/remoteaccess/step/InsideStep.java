package io.jenkins.plugins.remoteaccess.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.Node;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * A block whose processes run in the namespaces of process {@code leader}: their launcher puts words before each command, as
 * {@code docker.inside} does, or starts them itself, on the controller and without an input, as {@code container} of Kubernetes does.
 */
public final class InsideStep extends Step {
    private final String leader;
    private final boolean fromController;

    /** By a Pipeline. */
    @DataBoundConstructor
    public InsideStep(String leader, boolean fromController) {
        this.leader = leader;
        this.fromController = fromController;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, new Decorator(leader, fromController));
    }

    private static final class Execution extends StepExecution {
        @Serial
        private static final long serialVersionUID = 1;

        private final Decorator decorator;

        Execution(StepContext context, Decorator decorator) {
            super(context);
            this.decorator = decorator;
        }

        @Override
        public boolean start() throws Exception {
            getContext()
                    .newBodyInvoker()
                    .withContext(
                            BodyInvoker.mergeLauncherDecorators(getContext().get(LauncherDecorator.class), decorator))
                    .withCallback(BodyExecutionCallback.wrap(getContext()))
                    .start();
            return false;
        }
    }

    private static final class Decorator extends LauncherDecorator implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        private final String leader;
        private final boolean fromController;

        Decorator(String leader, boolean fromController) {
            this.leader = leader;
            this.fromController = fromController;
        }

        @Override
        public Launcher decorate(Launcher launcher, Node node) {
            return new Launcher.DecoratedLauncher(launcher) {
                @Override
                public Proc launch(ProcStarter starter) throws IOException {
                    FilePath directory = Objects.requireNonNull(starter.pwd());
                    List<String> command = new ArrayList<>(
                            List.of("nsenter", "-t", leader, "-m", "-p", "env", "-C", directory.getRemote()));
                    command.addAll(starter.cmds());
                    return fromController ? new Exec(command, starter) : super.launch(starter.cmds(command));
                }
            };
        }
    }

    /** A process on the controller. */
    private static final class Exec extends Proc {
        private final Process process;
        private final Thread output;

        Exec(List<String> command, Launcher.ProcStarter starter) throws IOException {
            EnvVars given = new EnvVars();
            for (String variable : starter.envs()) {
                given.addLine(variable);
            }
            // As every launcher does it: $$ is a dollar
            ProcessBuilder builder = new ProcessBuilder(
                            command.stream().map(given::expand).toList())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true);
            builder.environment().putAll(given);
            process = builder.start();
            OutputStream to = starter.stdout() == null ? OutputStream.nullOutputStream() : starter.stdout();
            output = new Thread(() -> {
                try (InputStream in = process.getInputStream()) {
                    in.transferTo(to);
                } catch (IOException closed) {
                    process.destroy();
                }
            });
            output.start();
        }

        @Override
        public boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public void kill() {
            process.destroy();
        }

        @Override
        public int join() throws InterruptedException {
            output.join();
            return process.waitFor();
        }

        @Override
        public InputStream getStdout() {
            return null;
        }

        @Override
        public InputStream getStderr() {
            return null;
        }

        @Override
        public OutputStream getStdin() {
            return null;
        }
    }

    /** {@code inside}; registered by a test that uses it. */
    static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "inside";
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(FilePath.class, Launcher.class);
        }
    }
}
