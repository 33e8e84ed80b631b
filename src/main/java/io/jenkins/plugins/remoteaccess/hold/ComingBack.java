package io.jenkins.plugins.remoteaccess.hold;

import hudson.Extension;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.model.listeners.ItemListener;
import hudson.slaves.ComputerListener;
import io.jenkins.plugins.remoteaccess.agent.EndpointSweep;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts things in order after an absence: of the controller, or of an agent. */
final class ComingBack {
    private ComingBack() {}

    /** When the jobs have been loaded, the endpoints that were open are found again. */
    @Extension
    public static final class OfController extends ItemListener {
        @Override
        public void onLoaded() {
            Endpoints.get().resume();
        }
    }

    /** When an agent is online again, the endpoints on it that nothing here knows are ended. */
    @Extension
    public static final class OfAgent extends ComputerListener {
        @Override
        public void onOnline(Computer computer, TaskListener listener) {
            if (!Endpoints.jobsLoaded()) {
                return;
            }
            Endpoints.get().resume();
            Set<String> known = Endpoints.get().all().stream().map(Endpoint::id).collect(Collectors.toSet());
            Computer.threadPoolForRemoting.execute(() -> EndpointSweep.run(computer, known));
        }
    }
}
