"""From a failing step to the end of the first command over ssh: a real controller, a real agent, its link with and without latency."""

import contextlib
import glob
import os
import shutil
import subprocess
import time

import processes
from client import CURVE, POST_QUANTUM
from jenkins import Jenkins
from report import Target

LATENCY_MILLIS = 20
STARTED = """
def build = Jenkins.get().getItem('%s').getBuildByNumber(%d)
def node = new org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner().findFirstMatch(build.execution, { it.displayFunctionName == 'error' } as com.google.common.base.Predicate)
println org.jenkinsci.plugins.workflow.actions.TimingAction.getStartTime(node)
"""


@contextlib.contextmanager
def slow_way(bench, port):
    """A port that leads to that one, half of the latency later each way."""
    command = ["python3", "-B", os.path.join(os.path.dirname(__file__), "delay.py"), str(port), str(LATENCY_MILLIS / 2)]
    process = processes.start(command, os.path.join(bench.folder, "delay.log"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        yield int(process.stdout.readline())
    finally:
        processes.end(process)
        process.stdout.close()


def failure(bench):
    """Rows for both latencies, for agents that have the jars, have lost them, and have just been connected."""
    warm, cold = (3, 1) if bench.quick else (9, 3)
    with contextlib.ExitStack() as stack:
        jenkins = Jenkins(bench.folder, bench.keys, {"near": 4, "far": 4})
        stack.callback(jenkins.close)
        slow = stack.enter_context(slow_way(bench, jenkins.agent_port))
        for agent in ("near", "far"):
            jenkins.pipeline(agent, f"node('{agent}') {{ debugHold(minutes: 10) {{ error 'broken' }} }}")
        # The controller's first hold ever loads classes; that is not what is measured
        jenkins.agent("near")
        first_true(bench, jenkins, "near", CURVE)
        for agent, port, name in (("near", None, "no latency"), ("far", slow, f"{LATENCY_MILLIS} ms to the agent")):
            rows(bench, jenkins, agent, port, name, warm, cold)
    bench.report.note(f"{LATENCY_MILLIS} ms is the round trip between agent and controller, made by a proxy; ssh goes to the endpoint itself, without it.")


def rows(bench, jenkins, agent, port, name, warm, cold):
    """All rows of one agent."""
    fresh = [first_of_agent(bench, jenkins, agent, port) for _ in range(cold)]
    gone = [without_jars(bench, jenkins, agent) for _ in range(cold)]
    for kex_name, kex, limit in (("curve25519", CURVE, 1.5), ("sntrup761", POST_QUANTUM, 2.5)):
        times = [first_true(bench, jenkins, agent, kex) for _ in range(warm)]
        bench.report.add(f"failure to first finished `ssh … true`, jars there, {name}, {kex_name}", "s", times, target=Target(limit))
    bench.report.add(f"the same, curve25519, jars shipped, {name}", "s", gone, target=Target(3.5))
    bench.report.add(f"the same, curve25519, agent just connected and empty, {name}", "s", fresh, target=Target(3.5))


def first_of_agent(bench, jenkins, agent, port):
    """Seconds, on a new agent process with an empty directory."""
    jenkins.disconnect(agent)
    shutil.rmtree(os.path.join(jenkins.folder, agent), ignore_errors=True)
    jenkins.agent(agent, port)
    return first_true(bench, jenkins, agent, CURVE)


def without_jars(bench, jenkins, agent):
    """Seconds, on an agent that has lost the program."""
    for program in glob.glob(os.path.join(jenkins.folder, agent, "remote-access", "endpoint-*")):
        shutil.rmtree(program)
    return first_true(bench, jenkins, agent, CURVE)


def first_true(bench, jenkins, job, kex):
    """Seconds from the start of the failing step, by the controller's clock, to the end of `ssh … true`."""
    number = jenkins.get(f"/job/{job}/api/json?tree=nextBuildNumber")["nextBuildNumber"]
    jenkins.post(f"/job/{job}/build")
    endpoint = processes.await_true("no hold", lambda: holding(jenkins, job, number), 180, 0.02)
    direct, key = endpoint["routes"]["direct"], endpoint["hostKey"]
    known_hosts = os.path.join(bench.folder, "known_hosts_of_hold")
    with open(known_hosts, "w", encoding="utf-8") as out:
        out.write(key["knownHosts"] + "\n")
    # The first value of an option counts
    command = ["ssh", "-o", f"UserKnownHostsFile={known_hosts}", "-o", f"HostKeyAlias={key['alias']}", "-o", f"KexAlgorithms={kex}"]
    command += [*bench.client.options, "-p", str(direct["port"]), f"{direct['user']}@{direct['host']}", "true"]
    subprocess.run(command, stdin=subprocess.DEVNULL, check=True)
    ended = time.time()
    failed = int(jenkins.script(STARTED % (job, number))) / 1000
    jenkins.post(f"/job/{job}/{number}/remote-access/release?id={endpoint['id']}&outcome=fail")
    building = f"/job/{job}/{number}/api/json?tree=building"
    processes.await_true("the build did not end", lambda: not jenkins.get(building)["building"], 60, 0.1)
    return ended - failed


def holding(jenkins, job, number):
    """The build's endpoint once somebody can be let in."""
    state = jenkins.get(f"/job/{job}/{number}/remote-access/api/json") or {"endpoints": []}
    return next((one for one in state["endpoints"] if one["state"] == "HOLDING" and "direct" in one.get("routes", {})), None)
