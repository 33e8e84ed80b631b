package io.jenkins.plugins.remoteaccess.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.Node;
import hudson.model.TaskListener;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A launcher that launches nothing: it shows what a step's decorated launcher makes of a command before that reaches the agent. */
final class Probe extends Launcher {
    /** Does nothing, wherever it is run; what runs it elsewhere than on the agent really does run it. */
    static final List<String> COMMAND = List.of("true", "remote-access");

    private static final long PATIENCE_SECONDS = 60;

    private List<String> seen;

    private Probe(VirtualChannel channel) {
        super(TaskListener.NULL, channel);
    }

    /**
     * What {@link #COMMAND} has become on its way to the agent; empty when it has not come by here, since the launcher runs it in a way of its
     * own.
     */
    static Optional<List<String>> ask(LauncherDecorator decorator, Node node, FilePath directory, EnvVars environment)
            throws IOException, InterruptedException {
        Probe probe = new Probe(directory.getChannel());
        Launcher plain = probe.decorateFor(node);
        Launcher launcher = decorator == null ? plain : decorator.decorate(plain, node);
        launcher.launch()
                .cmds(COMMAND)
                .envs(environment)
                .pwd(directory)
                .quiet(true)
                .stdout(OutputStream.nullOutputStream())
                .start()
                .joinWithTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS, TaskListener.NULL);
        return Optional.ofNullable(probe.seen);
    }

    /** Asked on Unix alone; what is inherited looks at the controller. */
    @Override
    public boolean isUnix() {
        return true;
    }

    @Override
    public Proc launch(ProcStarter starter) {
        seen = List.copyOf(starter.cmds());
        return new Ended();
    }

    @Override
    public Channel launchChannel(String[] cmd, OutputStream out, FilePath workDir, Map<String, String> envVars)
            throws IOException {
        throw new IOException("nothing is launched here");
    }

    @Override
    public void kill(Map<String, String> modelEnvVars) {
        // There is nothing to kill
    }

    /** A process that has ended well. */
    private static final class Ended extends Proc {
        @Override
        public boolean isAlive() {
            return false;
        }

        @Override
        public void kill() {
            // It has ended
        }

        @Override
        public int join() {
            return 0;
        }

        @Override
        public InputStream getStdout() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getStderr() {
            return InputStream.nullInputStream();
        }

        @Override
        public OutputStream getStdin() {
            return OutputStream.nullOutputStream();
        }
    }
}
