package io.jenkins.plugins.remoteaccess.gateway;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.TaskListener;
import io.jenkins.plugins.remoteaccess.HeldBuild;
import io.jenkins.plugins.remoteaccess.OneJenkins;
import io.jenkins.plugins.remoteaccess.Person;
import io.jenkins.plugins.remoteaccess.hold.Endpoint;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessConfiguration;
import io.jenkins.plugins.remoteaccess.policy.RemoteAccessPermissions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.main.modules.sshd.SSHD;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** OpenSSH through the controller, into endpoints that listen on their agent's loopback alone. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@WithJenkins
class GatewayTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int MEGABYTE = 1024 * 1024;

    @RegisterExtension
    static final OneJenkins ONE = new OneJenkins();

    @TempDir
    static Path directory;

    private static JenkinsRule jenkins;
    private static Person alice;
    private static Person mallory;

    private Endpoint endpoint;
    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void aJenkinsWithSsh(JenkinsRule rule) throws Exception {
        jenkins = rule;
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        RemoteAccessConfiguration.get().setDirectRoute(null);
        ONE.keep(jenkins);
        SSHD.get().setPort(0);
        await().atMost(LONG).until(() -> SSHD.get().getActualPort() > 0);
        alice = new Person("alice", directory).withKeyForTheController();
        mallory = new Person("mallory", directory).withKeyForTheController();
    }

    @BeforeEach
    void securityIsOn() {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        permit("alice");
    }

    @AfterEach
    void endWhatRuns() {
        started.stream()
                .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    @AfterAll
    static void stop() throws Exception {
        SSHD.get().stop();
    }

    @Test
    void commandsTerminalsAndFilesOverWebSocketAgents() throws Exception {
        holdOn("agent");
        for (Route route : Route.values()) {
            assertUsable(route);
        }
    }

    @Test
    void commandsTerminalsAndFilesOverTcpAgents() throws Exception {
        holdOn("tcp");
        for (Route route : Route.values()) {
            assertUsable(route);
        }
    }

    private void assertUsable(Route route) throws Exception {
        assertThat(run(route, "echo in; exit 7"), is(new Said(7, "in")));
        Said terminal = run(route, "-tt", "stty -echo; tty; exit 5");
        assertThat(terminal.output(), terminal.status(), is(5));
        assertThat(terminal.output(), containsString("/dev/pts/"));
        assertThat(
                "the end of input goes through", piped(route, "hello", "cat; echo done"), is(new Said(0, "hellodone")));
        Path file = random("up", 8 * MEGABYTE);
        copy(route, file.toString(), "@HOST@:copied");
        copy(route, "@HOST@:copied", directory.resolve("down").toString());
        assertThat(sum(directory.resolve("down")), is(sum(file)));
        await().atMost(LONG).until(() -> Gateway.get().size(), is(0));
    }

    @Test
    void rsyncWorks() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/rsync")), "no rsync on this machine");
        holdOn("agent");
        Path from = Files.createDirectory(directory.resolve("from"));
        Files.move(random("big", 3 * MEGABYTE), from.resolve("big"));
        Files.writeString(from.resolve("small"), "small");
        Path config = Files.writeString(directory.resolve("config"), "Host there\n" + block(Route.SSH));
        Process rsync = start(List.of("rsync", "-a", "-e", "ssh -F " + config, from + "/", "there:to/"), null);
        assertThat(said(rsync).toString(), rsync.exitValue(), is(0));
        assertThat(run(Route.SSH, "sha256sum < to/big").output().substring(0, 64), is(sum(from.resolve("big"))));
    }

    @Test
    void eightTransfersAtOnceKeepTheirBytes() throws Exception {
        holdOn("agent");
        for (Route route : Route.values()) {
            int size = Integer.getInteger("transfer.megabytes", route == Route.SSH ? 8 : 4) * MEGABYTE;
            List<Process> transfers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Path file = random("f" + i, size);
                transfers.add(start(ssh(route, "tee f" + i), file));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(transfers.get(i).waitFor(180, TimeUnit.SECONDS), is(true));
                assertThat(sum(output(transfers.get(i))), is(sum(directory.resolve("f" + i))));
                assertThat(transfers.get(i).exitValue(), is(0));
            }
        }
    }

    @Test
    void nothingIsLeftOfAClientThatIsKilledWhileItReads() throws Exception {
        holdOn("agent");
        for (Route route : Route.values()) {
            Process client = start(ssh(route, "cat /dev/zero"), null);
            await().atMost(LONG).until(() -> Files.size(output(client)), greaterThan(2L * MEGABYTE));
            assertGoneAfterKilling(client);
        }
    }

    @Test
    void nothingIsLeftOfAClientThatIsKilledWhileItFloodsWhatDoesNotRead() throws Exception {
        holdOn("agent");
        for (Route route : Route.values()) {
            Process client = start(ssh(route, "echo in; sleep 1000"), Path.of("/dev/zero"));
            await().atMost(LONG).until(() -> Files.size(output(client)), greaterThan(0L));
            // Until the windows are full
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            assertGoneAfterKilling(client);
        }
    }

    private void assertGoneAfterKilling(Process client) {
        assertThat(Gateway.get().size(), is(1));
        List<ProcessHandle> all = Stream.concat(Stream.of(client.toHandle()), client.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofSeconds(2)).until(() -> Gateway.get().size(), is(0));
        await().atMost(LONG).until(() -> endpoint.connections().isEmpty());
        await().atMost(Duration.ofSeconds(10)).until(() -> threads(), is(List.of()));
    }

    @Test
    void anEndpointThatDiesEndsItsClients() throws Exception {
        holdOn("agent");
        List<Process> clients = oneOfEachRoute();
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("serve")
                        && process.info().commandLine().orElse("").contains(endpoint.id()))
                .forEach(ProcessHandle::destroyForcibly);
        assertEnd(clients);
    }

    @Test
    void anAgentThatIsCutEndsItsClients() throws Exception {
        WorkflowRun build = holdOn("cut");
        List<Process> clients = oneOfEachRoute();
        ONE.stop("cut");
        assertEnd(clients);
        build.doKill();
    }

    private List<Process> oneOfEachRoute() throws IOException {
        List<Process> clients = new ArrayList<>();
        for (Route route : Route.values()) {
            clients.add(start(ssh(route, "echo in; sleep 1000"), null));
        }
        for (Process client : clients) {
            await().atMost(LONG).until(() -> Files.size(output(client)), greaterThan(0L));
        }
        return clients;
    }

    private static void assertEnd(List<Process> clients) throws InterruptedException {
        for (Process client : clients) {
            assertThat(client.waitFor(20, TimeUnit.SECONDS), is(true));
            assertThat(client.exitValue(), is(255));
        }
        await().atMost(LONG).until(() -> Gateway.get().size(), is(0));
    }

    @Test
    void whoMayNotConnectLearnsNothing() throws Exception {
        holdOn("agent");
        for (Route route : Route.values()) {
            String refused = refusal(route, mallory, endpoint.id());
            assertThat(refused, containsString("There is no endpoint"));
            assertThat(
                    refused.replace(endpoint.id(), "X"),
                    is(refusal(route, mallory, "0000").replace("0000", "X")));
            assertThat(refusal(route, alice, "0000"), containsString("There is no endpoint"));
            assertThat(Gateway.get().size(), is(0));
        }
    }

    @Test
    void tunnelsEndWithThePermission() throws Exception {
        holdOn("agent");
        List<Process> tunnels = oneOfEachRoute();
        permit("somebody-else");
        assertEndSoon(tunnels);
    }

    @Test
    void tunnelsEndWithTheEndpoint() throws Exception {
        holdOn("agent");
        List<Process> tunnels = oneOfEachRoute();
        endpoint.close("test");
        assertEndSoon(tunnels);
    }

    private static void assertEndSoon(List<Process> clients) throws InterruptedException {
        await().atMost(Duration.ofSeconds(6)).until(() -> Gateway.get().size(), is(0));
        for (Process client : clients) {
            assertThat(client.waitFor(6, TimeUnit.SECONDS), is(true));
            assertThat(client.exitValue(), not(is(0)));
        }
    }

    @Test
    void withoutSecurityNobodyGetsThrough() throws Exception {
        holdOn("agent");
        jenkins.jenkins.disableSecurity();
        refusal(Route.SSH, alice, endpoint.id());
        assertThat(refusal(Route.CLI_WEB_SOCKET, alice, endpoint.id()), containsString("There is no endpoint"));
        assertThat(Gateway.get().size(), is(0));
    }

    @Test
    void aReaderThatStallsDoesNotStallTheAgent() throws Exception {
        holdOn("agent");
        long alone = secondsOfAProgram();
        for (Route route : Route.values()) {
            Process client = start(ssh(route, "cat /dev/zero"), null);
            await().atMost(LONG).until(() -> Files.size(output(client)), greaterThan(0L));
            List<ProcessHandle> all = Stream.concat(Stream.of(client.toHandle()), client.descendants())
                    .toList();
            stop(all);
            try {
                assertThat("beside it", secondsOfAProgram(), lessThan(3 * alone + 5));
                assertThat(Gateway.get().size(), is(1));
            } finally {
                all.forEach(ProcessHandle::destroyForcibly);
            }
            await().atMost(LONG).until(() -> Gateway.get().size(), is(0));
        }
    }

    @Test
    void fiftyTerminalsAnswer() throws Exception {
        holdOn("agent");
        List<Process> terminals = new ArrayList<>();
        while (terminals.size() < 50) {
            // Five logins at a time: a hundred handshakes at once are no terminal's business
            List<Process> next = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                next.add(start(
                        ssh(Route.SSH, "-tt", "stty -echo; echo ready; read line; echo got-$line; read line"), null));
            }
            for (Process terminal : next) {
                await().atMost(LONG)
                        .until(() -> Files.readString(output(terminal)).contains("ready"));
            }
            terminals.addAll(next);
        }
        assertThat(Gateway.get().size(), is(50));
        for (int i = 0; i < 50; i++) {
            terminals.get(i).getOutputStream().write(("line" + i + "\n").getBytes(StandardCharsets.US_ASCII));
            terminals.get(i).getOutputStream().flush();
        }
        for (int i = 0; i < 50; i++) {
            Process terminal = terminals.get(i);
            String answer = "got-line" + i;
            await().atMost(LONG).until(() -> Files.readString(output(terminal)).contains(answer));
        }
        terminals.forEach(Process::destroy);
        await().atMost(LONG).until(() -> Gateway.get().size(), is(0));
    }

    @Test
    void theControllersHeapStaysFlatUnderClientsThatStopReading() throws Exception {
        holdOn("agent");
        long before = heap();
        for (int i = 0; i < 20; i++) {
            Process client = start(ssh(Route.SSH, "cat /dev/zero"), null);
            await().atMost(LONG).until(() -> Files.size(output(client)), greaterThan(0L));
            stop(Stream.concat(Stream.of(client.toHandle()), client.descendants())
                    .toList());
        }
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        long full = heap();
        await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
        assertThat("it grows no more", heap() - full, lessThan(10L * MEGABYTE));
        assertThat("at most 2 MB for each client, and what else there is", full - before, lessThan(80L * MEGABYTE));
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void stop(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    /** What a step does: starts a program on the agent, whose output streams through the same channel. */
    private long secondsOfAProgram() throws Exception {
        long before = System.nanoTime();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status = jenkins.jenkins
                .getNode("agent")
                .createLauncher(TaskListener.NULL)
                .launch()
                .cmds("seq", "1", "500000")
                .stdout(output)
                .start()
                .joinWithTimeout(120, TimeUnit.SECONDS, TaskListener.NULL);
        assertThat(status, is(0));
        assertThat(output.toString(StandardCharsets.UTF_8), endsWith("\n500000\n"));
        return Duration.ofNanos(System.nanoTime() - before).toSeconds();
    }

    private static void permit(String user) {
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .toEveryone()
                .grant(RemoteAccessPermissions.CONNECT)
                .everywhere()
                .to(user));
    }

    /** A build held on the agent of this name, which is on WebSocket unless it is named {@code tcp}. */
    private WorkflowRun holdOn(String agent) throws Exception {
        if (jenkins.jenkins.getNode(agent) == null) {
            InboundAgentExtension.Options.Builder options =
                    InboundAgentExtension.Options.newBuilder().name(agent);
            ONE.createAgent(jenkins, (agent.equals("tcp") ? options : options.webSocket()).build());
        }
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(
                "node('" + agent + "') { debugHold(minutes: 20, waitMinutes: 0) { sh 'exit 7' } }", true));
        WorkflowRun build =
                job.scheduleBuild2(0, new CauseAction(alice.cause())).waitForStart();
        endpoint = HeldBuild.held(build).endpoint();
        return build;
    }

    private List<String> ssh(Route route, String... command) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("alice@" + Person.Target.behind(endpoint).host()));
        if (command[0].startsWith("-")) {
            all.add(0, command[0]);
            all.add(command[1]);
        } else {
            all.add(command[0]);
        }
        return route.ssh(jenkins, alice, directory, Person.Target.behind(endpoint), all.toArray(String[]::new));
    }

    private String block(Route route) throws IOException {
        StringBuilder block = new StringBuilder();
        List<String> options = route.options(jenkins, alice, directory, Person.Target.behind(endpoint));
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).equals("-o")) {
                block.append("    ")
                        .append(options.get(i + 1).replaceFirst("=", " "))
                        .append('\n');
            }
        }
        return block.append("    IdentityFile ")
                .append(alice.keyFile())
                .append("\n    User alice\n")
                .toString();
    }

    private record Said(int status, String output) {}

    private Said run(Route route, String... command) throws Exception {
        return said(start(ssh(route, command), null));
    }

    private Said piped(Route route, String input, String command) throws Exception {
        return said(start(ssh(route, command), Files.writeString(directory.resolve("input"), input)));
    }

    private void copy(Route route, String from, String to) throws Exception {
        List<String> command = new ArrayList<>(List.of("scp"));
        command.addAll(route.options(jenkins, alice, directory, Person.Target.behind(endpoint)));
        String host = "alice@" + Person.Target.behind(endpoint).host();
        command.addAll(List.of(from.replace("@HOST@", host), to.replace("@HOST@", host)));
        Process scp = start(command, null);
        assertThat(said(scp).toString(), scp.exitValue(), is(0));
    }

    private String refusal(Route route, Person person, String id) throws Exception {
        Process process = new ProcessBuilder(route.proxy(jenkins, person, directory, id))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .start();
        started.add(process);
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS), is(true));
        assertThat(process.exitValue(), not(is(0)));
        return output;
    }

    private Process start(List<String> command, Path input) throws IOException {
        Path output = Files.createTempFile(directory, "out", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile());
        Path errors = directory.resolve("errors-" + output.getFileName());
        builder.redirectError(errors.toFile());
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process = builder.start();
        started.add(process);
        outputs.put(process, output);
        return process;
    }

    private final java.util.Map<Process, Path> outputs = new java.util.HashMap<>();

    private Path output(Process process) {
        return outputs.get(process);
    }

    private Said said(Process process) throws Exception {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("has not ended: " + Files.readString(output(process)));
        }
        String errors =
                Files.readString(directory.resolve("errors-" + output(process).getFileName()));
        String output = Files.readString(output(process)).strip();
        return new Said(process.exitValue(), process.exitValue() == 255 ? output + errors : output);
    }

    private Path random(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(name.hashCode()).nextBytes(bytes);
        return Files.write(directory.resolve(name), bytes);
    }

    private static String sum(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    /** Threads of this Jenkins that serve a client of a tunnel. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Stream.of(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().contains("TunnelRemoteAccessCommand")
                                || frame.getClassName().contains("StandardStreams")))
                .map(thread -> thread.getKey().getName())
                .toList();
    }
}
