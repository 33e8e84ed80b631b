package io.jenkins.plugins.remoteaccess.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.model.Computer;
import io.jenkins.plugins.remoteaccess.agent.FailedStep;
import io.jenkins.plugins.remoteaccess.agent.Snapshot;
import io.jenkins.plugins.remoteaccess.hold.Caller;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.hold.Screen;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.Use;
import io.jenkins.plugins.remoteaccess.terminal.Terminals;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * One endpoint as JSON. Who may not connect to it, though they hold the permission, learns that it is there and why they may not.
 *
 * @param caller who looks, and at what
 * @param now the controller's clock
 */
record EndpointJson(Caller caller, Instant now) {
    void write(ObjectNode json) {
        Endpoint endpoint = caller.endpoint();
        Endpoint.State state = endpoint.state();
        json.put("id", endpoint.id());
        json.put("node", node());
        json.put("state", state.name());
        endpoint.reason().ifPresent(reason -> json.put("reason", reason));
        json.put("openedAt", time(endpoint.record().openedAt()));
        if (state == Endpoint.State.HOLDING) {
            var outcomes = json.putArray("outcomes");
            caller.endpoint().outcomes().forEach(outcome -> outcomes.add(outcome.toString()));
            endpoint.deadline().ifPresent(deadline -> clock(json, deadline));
        }
        you(json.putObject("you"));
        if (caller.sees()) {
            where(json);
            connections(json);
        }
        if (caller.refusal().isEmpty()) {
            routes(json.putObject("routes"));
            hostKey(json.putObject("hostKey"));
            caller.endpoint().screen().state().ifPresent(screen -> screen(json.putObject("screen"), screen));
        }
    }

    private String node() {
        if (!caller.endpoint().node().isEmpty()) {
            return caller.endpoint().node();
        }
        Computer builtIn = Jenkins.get().toComputer();
        return builtIn == null ? Jenkins.get().getDisplayName() : builtIn.getDisplayName();
    }

    private void clock(ObjectNode json, Instant deadline) {
        json.put("deadline", time(deadline));
        json.put("remainingSeconds", Math.max(0, Duration.between(now, deadline).toSeconds()));
        caller.endpoint().latest().ifPresent(latest -> json.put("latest", time(latest)));
        caller.endpoint().connectBy().ifPresent(by -> json.put("connectBy", time(by)));
    }

    private void you(ObjectNode json) {
        Optional<String> refusal = caller.refusal();
        json.put("connect", refusal.isEmpty());
        refusal.ifPresent(why -> json.put("refusal", why));
        json.put("granted", caller.granted());
        json.put("key", caller.user().filter(caller.endpoint()::hasKey).isPresent());
        json.put("control", caller.controls());
        json.put("recorded", RemoteAccessConfiguration.get().getRecording().records(caller.authentication()));
        json.put(
                "screen",
                refusal.isEmpty()
                        && RemoteAccessConfiguration.get().isBrowser()
                        && !caller.endpoint().rules().forbidden().contains(Use.SCREEN));
        json.put(
                "terminal",
                refusal.isEmpty()
                        && RemoteAccessConfiguration.get().isBrowser()
                        && !caller.endpoint().rules().forbidden().contains(Use.SHELL));
        json.put(
                "edit",
                caller.controls()
                        && caller.endpoint().edits()
                        && ScriptEdit.mayEdit(caller.endpoint().run()));
    }

    private void where(ObjectNode json) {
        Endpoint endpoint = caller.endpoint();
        endpoint.failedStep().ifPresent(step -> step(json.putObject("step"), step));
        json.put("workspace", endpoint.workspace());
        if (!endpoint.trouble().isEmpty()) {
            json.put("trouble", endpoint.trouble());
        }
    }

    private static void step(ObjectNode json, FailedStep step) {
        json.put("name", step.name());
        step.exitCode().ifPresent(code -> json.put("exitCode", code));
        step.script().ifPresent(script -> json.put("script", script));
    }

    private void connections(ObjectNode json) {
        var all = json.putArray("connections");
        for (Snapshot.Connection connection : caller.endpoint().connections()) {
            all.addObject()
                    .put("id", connection.id())
                    .put("user", connection.user())
                    .put("kind", Terminals.get().kind(caller.endpoint(), connection))
                    .put("client", connection.client())
                    .put("since", time(connection.since()))
                    .put("cut", caller.cuts(connection));
        }
    }

    /** The gateway's members are those of its first way; another one stands inside it by its name. */
    private void routes(ObjectNode json) {
        GatewayWay.overSsh(caller).ifPresent(way -> way(json.putObject("gateway"), way));
        GatewayWay.overHttp(caller).ifPresent(way -> {
            boolean first = !json.has("gateway");
            way(first ? json.putObject("gateway") : ((ObjectNode) json.get("gateway")).putObject("http"), way);
        });
        DirectWay.of(caller).ifPresent(way -> {
            ObjectNode direct = json.putObject("direct");
            direct.put("host", way.host());
            direct.put("port", way.port());
            direct.put("user", way.login());
            way(direct, way);
        });
    }

    private void way(ObjectNode json, Way way) {
        json.put("name", way.name());
        json.put("command", way.ssh());
        json.put("sshConfig", way.hostBlock(caller.endpoint().run().getFullDisplayName()));
        if (!way.prepare().isEmpty()) {
            json.put("prepare", way.prepare());
        }
        json.putObject("commands")
                .put("scp", way.scp())
                .put("rsync", way.rsync())
                .put("powershell", way.powershell())
                .put("plink", way.plink())
                .put("pscp", way.pscp());
    }

    /** How to get to the agent's screen: to who may connect alone. */
    private void screen(ObjectNode json, Screen screen) {
        if (!screen.what().isEmpty()) {
            json.put("what", screen.what());
        }
        if (screen.port() > 0) {
            String local = "localhost:" + screen.port();
            json.put("port", screen.port());
            json.put("address", local);
            json.put("url", "vnc://" + local);
            Way.of(caller).stream()
                    .findFirst()
                    .ifPresent(way -> json.put("command", way.ssh("-N -L " + screen.port() + ':' + local)));
            if (!screen.password().isEmpty()) {
                json.put("password", screen.password());
            }
        }
    }

    private void hostKey(ObjectNode json) {
        Endpoint endpoint = caller.endpoint();
        json.put("type", endpoint.hostKey().type());
        json.put("fingerprint", endpoint.hostKey().fingerprint());
        json.put("alias", Way.alias(endpoint.id()));
        json.put("knownHosts", Way.knownHosts(endpoint));
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
