package io.jenkins.plugins.remoteaccess.admin;

import hudson.Extension;
import hudson.model.Computer;
import hudson.widgets.Widget;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Endpoints;
import java.util.Collection;
import java.util.List;
import jenkins.widgets.WidgetFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Beside an agent's page: which holds keep it busy. There is nothing to see while nothing is held. */
@Restricted(NoExternalUse.class)
public final class AgentHolds extends Widget {
    private final Computer agent;

    AgentHolds(Computer agent) {
        this.agent = agent;
    }

    @Override
    public String getUrlName() {
        return "remote-access";
    }

    @Override
    protected String getOwnerUrl() {
        return agent.getUrl();
    }

    /** The holds on this agent, the oldest first. */
    public List<AgentHold> getHolds() {
        return Endpoints.get().all().stream()
                .filter(endpoint -> endpoint.state() == Endpoint.State.HOLDING)
                .filter(endpoint -> endpoint.node().equals(agent.getName()))
                .map(AgentHold::new)
                .toList();
    }

    /** Puts it there. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Factory extends WidgetFactory<Computer, AgentHolds> {
        @Override
        public Class<Computer> type() {
            return Computer.class;
        }

        @Override
        public Class<AgentHolds> widgetType() {
            return AgentHolds.class;
        }

        @Override
        public Collection<AgentHolds> createFor(Computer target) {
            return List.of(new AgentHolds(target));
        }
    }
}
