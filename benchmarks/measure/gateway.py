"""Through the controller, beside the direct route: the same endpoint, the same client, by turns."""

import contextlib
import gc
import os
import shlex
import types

import processes
import servers
from alone import downloads, press, uploads, by_turns
from client import CURVE, Client, Master, Terminal
from failure import holding
from jenkins import Jenkins
from report import Target, percentile

CIPHER = "aes128-gcm@openssh.com"
SHARES = {"SSH": 0.3, "WebSocket": 0.2}
SSHD = "org.jenkinsci.main.modules.sshd.SSHD.get()"


def gateway(bench):
    """Rows for both gateways, with an agent on TCP and one on WebSocket."""
    with contextlib.ExitStack() as stack:
        jenkins = Jenkins(bench.folder, bench.keys, {"tcp": 2, "websocket": 2})
        stack.callback(jenkins.close)
        jenkins.script(f"{SSHD}.setPort(0)")
        processes.await_true("no SSH server", lambda: int(jenkins.script(f"println {SSHD}.actualPort")) > 0)
        port = int(jenkins.script(f"println {SSHD}.actualPort"))
        jar = os.path.join(jenkins.folder, "jenkins-cli.jar")
        jenkins._download("/jnlpJars/jenkins-cli.jar", "jenkins-cli.jar")
        auth = os.path.join(jenkins.folder, "auth")
        with open(auth, "w", encoding="utf-8") as out:
            out.write(f"alice:{jenkins.token}")
        for agent in ("tcp", "websocket"):
            jenkins.agent(agent, web_socket=agent == "websocket")
            endpoint = held(jenkins, agent)
            proxies = {
                "SSH": ["ssh", *bench.client.options[:2], *without_pin(bench), "-p", str(port), "-l", "alice", "127.0.0.1", "tunnel-remote-access", endpoint["id"]],
                "WebSocket": [servers.java(), "-jar", jar, "-s", jenkins.url + "/", "-webSocket", "-auth", "@" + auth, "tunnel-remote-access", endpoint["id"]],
            }
            direct = way(bench, endpoint, "direct", None)
            for name, proxy in proxies.items():
                rows(bench, f"{name} gateway, {agent} agent", SHARES[name], way(bench, endpoint, name, proxy), direct)


def without_pin(bench):
    """The controller's own key is not what is measured."""
    return ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "-i", bench.keys.private]


def held(jenkins, agent):
    """A hold on this agent."""
    jenkins.pipeline(agent, f"node('{agent}') {{ debugHold(minutes: 60, waitMinutes: 0) {{ error 'broken' }} }}")
    jenkins.post(f"/job/{agent}/build")
    return processes.await_true("no hold", lambda: holding(jenkins, agent, 1), 180, 0.1)


def way(bench, endpoint, name, proxy):
    """A client and a server as the other measurements know them."""
    known_hosts = os.path.join(bench.folder, f"known_hosts-{endpoint['id']}")
    with open(known_hosts, "w", encoding="utf-8") as out:
        out.write("benchmark " + endpoint["hostKey"]["knownHosts"].split(" ", 1)[1] + "\n")
    client = Client(types.SimpleNamespace(private=bench.keys.private, known_hosts=known_hosts))
    if proxy:
        client.options += ["-o", "ProxyCommand=" + shlex.join(proxy)]
    server = types.SimpleNamespace(name=f"{name}-{endpoint['id'][:6]}", port=endpoint["routes"]["direct"]["port"], user="alice")
    return types.SimpleNamespace(client=client, server=server)


def rows(bench, name, share, through, direct):
    """All rows of one route."""
    pair = (through, direct)
    ours, theirs = by_turns(pair, 5 if bench.quick else 15, lambda one: one.client.true(one.server, CURVE) / 1000, warm=2)
    bench.report.add(f"login, command and end: {name}", "s", ours, theirs, Target(1), versus="direct")
    terminals = [Terminal(one.client, one.server, "printf ready; exec cat >/dev/null") for one in pair]
    try:
        for terminal in terminals:
            terminal.until(b"ready")
        gc.disable()
        ours, theirs = by_turns(terminals, 300 if bench.quick else 1000, press, warm=50)
    finally:
        gc.enable()
        for terminal in terminals:
            terminal.close()
    for percent, most in ((50, 5), (99, 20)):
        bench.report.add(f"keystroke echo, p{percent}: {name}", "ms", ours, theirs, Target(most), of=lambda values, percent=percent: percentile(values, percent), versus="direct")
    payload = bench.payload(64 if bench.quick else 256)
    with Master(through.client, through.server, bench.folder, CIPHER) as ours, Master(direct.client, direct.server, bench.folder, CIPHER) as theirs:
        target = Target(share, of_ratio=True, at_least=True)
        for what, carry in (("down", downloads), ("up", uploads)):
            bench.report.add(f"{what}: {name}", "MB/s", *by_turns((ours, theirs), 3, carry(payload), warm=1), target, versus="direct")
