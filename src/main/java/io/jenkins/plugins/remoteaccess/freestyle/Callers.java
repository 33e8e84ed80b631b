package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.Launcher;
import hudson.tasks.CommandInterpreter;
import java.util.stream.Stream;

/**
 * Tells by the stack whose process a process is. Nothing else does: {@link hudson.model.BuildStepListener} does not know of builders
 * inside others, and a launcher is asked for more than the builder's own process.
 */
final class Callers {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Callers() {}

    /** Whether a shell or batch builder is at work. */
    static boolean inShellBuilder() {
        return WALKER.walk(frames -> classes(frames).anyMatch(CommandInterpreter.class::equals));
    }

    /** Whether a shell or batch builder waits for its own process, and not a launcher for one that it needs to start that. */
    static boolean shellBuilderWaits() {
        return WALKER.walk(frames -> classes(frames)
                .filter(type -> type == CommandInterpreter.class || type == Launcher.ProcStarter.class)
                .findFirst()
                .filter(CommandInterpreter.class::equals)
                .isPresent());
    }

    private static Stream<Class<?>> classes(Stream<StackWalker.StackFrame> frames) {
        return frames.map(StackWalker.StackFrame::getDeclaringClass);
    }
}
