package io.jenkins.plugins.remoteaccess.step;

import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;

/** Finds, after a restart of the controller, the endpoints that people were in while no step was waiting. */
@Extension
public final class Resumption extends FlowExecutionListener {
    private static final Logger LOGGER = Logger.getLogger(Resumption.class.getName());

    @Override
    public void onResumed(FlowExecution execution) {
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                if (execution.getOwner().getExecutable() instanceof Run<?, ?> run) {
                    Endpoints.get().resume(run);
                }
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "No build for " + execution);
            }
        });
    }
}
