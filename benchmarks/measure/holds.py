"""What 500 holds cost the controller, compared with the same 500 builds waiting in `input`. The endpoints are stood in for."""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import processes
import servers
from jenkins import Jenkins
from report import Target

AGENT, BATCH = "many", 25
IDLE_SECONDS, BUSY_SECONDS = 65, 15
START = "def job = Jenkins.get().getItem('%s'); (1..%d).each { job.scheduleBuild2(0, new hudson.model.CauseAction(new hudson.model.Cause.UserIdCause('alice')), new hudson.model.ParametersAction([], ['n']), new hudson.model.ParametersAction(new hudson.model.StringParameterValue('n', UUID.randomUUID().toString()))) }"
COUNT = {
    "hold": "println io.jenkins.plugins.remoteaccess.hold.Endpoints.get().all().count { it.state().name() == 'HOLDING' }",
    "input": "println Jenkins.get().getItem('input').builds.count { it.building && it.getAction(org.jenkinsci.plugins.workflow.support.steps.input.InputAction)?.waitingForInput }",
}
STOP = "Jenkins.get().getItem('%s').builds.findAll { it.building }.each { it.executor?.interrupt() ?: it.doStop() }; println Jenkins.get().getItem('%s').builds.count { it.building }"
LOOK = """
def memory = java.lang.management.ManagementFactory.memoryMXBean
3.times { memory.gc(); Thread.sleep(300) }
println groovy.json.JsonOutput.toJson([memory.heapMemoryUsage.used, java.lang.management.ManagementFactory.threadMXBean.threadCount])
"""
PIPELINES = {
    "hold": f"node('{AGENT}') {{ debugHold(minutes: 240, waitMinutes: 0) {{ error 'broken' }} }}",
    "input": f"node('{AGENT}') {{ try {{ error 'broken' }} catch (e) {{ input 'broken' }} }}",
}


def holds(bench):
    """Heap, threads and processor time that each hold adds, beside each `input`."""
    count = 100 if bench.quick else 500
    with contextlib.ExitStack() as stack:
        jenkins = Jenkins(bench.folder, bench.keys, {AGENT: count + 10})
        stack.callback(jenkins.close)
        home = stand_in(bench, stack)
        jenkins.agent(AGENT, options=[f"-Djava.home={home}"])
        for name, script in PIPELINES.items():
            jenkins.pipeline(name, script)
            # One alone ships the program; the others bring what is made once
            waiting(jenkins, name, 1, 1)
            waiting(jenkins, name, 1 + BATCH, BATCH)
            stop(jenkins, name)
        empty = look(jenkins)
        cost = {name: cost_of(jenkins, name, count, empty) for name in PIPELINES}
    for index, (what, unit, target) in enumerate((("heap", "KB", None), ("threads", "", None), ("processor time", "ms/s", None))):
        bench.report.add(f"{what} of the controller for each of {count} builds that wait", unit, [cost["hold"][index]], [cost["input"][index]], target, versus="`input`")
    bench.report.add("heap of a hold beyond that of an `input`", "KB", [cost["hold"][0] - cost["input"][0]], target=Target(20), versus="`input`")
    bench.report.add("threads of a hold beyond those of an `input`", "", [cost["hold"][1] - cost["input"][1]], target=Target(0.02), versus="`input`")
    bench.report.note(f"Simulated: the {count} endpoints' processes. Controller, agent, channel, shipping and builds are real; one process answers the control sockets.")


def stand_in(bench, stack):
    """A Java home that is the real one but for bin/java, which stands in for an endpoint."""
    real = os.path.dirname(os.path.dirname(os.path.realpath(servers.java())))
    home, script = os.path.join(bench.folder, "java"), os.path.join(os.path.dirname(os.path.abspath(__file__)), "standin.py")
    os.makedirs(os.path.join(home, "bin"))
    for entry in os.listdir(real):
        if entry != "bin":
            os.symlink(os.path.join(real, entry), os.path.join(home, entry))
    stack.callback(shutil.rmtree, home, ignore_errors=True)
    path = os.path.join(bench.folder, "standin.sock")
    java = os.path.join(home, "bin", "java")
    with open(java, "w", encoding="utf-8") as out:
        out.write(f"#!/bin/sh\nexec '{sys.executable}' -SB '{script}' java '{path}'\n")
    os.chmod(java, 0o755)
    server = processes.start([sys.executable, "-SB", script, "serve", path], os.path.join(bench.folder, "standin.log"), stdin=subprocess.DEVNULL)
    stack.callback(processes.end, server)
    processes.await_true("the stand-in did not start", lambda: os.path.exists(path))
    return home


def cost_of(jenkins, name, count, empty):
    """KB of heap, threads, and milliseconds of processor time a second, for each of count builds."""
    waiting(jenkins, name, count, BATCH)
    full = look(jenkins)
    stop(jenkins, name)
    heap, threads, busy = ((after - before) / count for before, after in zip(empty, full))
    return heap / 1024, threads, busy


def waiting(jenkins, name, count, batch):
    """Starts builds, some at a time, until so many wait."""
    there = int(jenkins.script(COUNT[name]))
    for reached in range(there + batch, count + 1, batch):
        jenkins.script(START % (name, batch))
        processes.await_true(f"not {reached} of {name} waited", lambda: int(jenkins.script(COUNT[name])) >= reached, 180, 0.5)


def stop(jenkins, name):
    """Ends them all."""
    processes.await_true(f"{name} did not end", lambda: jenkins.script(STOP % (name, name)) == "0", 240, 2)


def look(jenkins):
    """Bytes of heap, threads, and milliseconds of processor time a second, when all is quiet."""
    # Idle threads of pools end after a minute
    time.sleep(IDLE_SECONDS)
    began, busy = time.monotonic(), processes.cpu_seconds(jenkins.process.pid)
    time.sleep(BUSY_SECONDS)
    busy = (processes.cpu_seconds(jenkins.process.pid) - busy) / (time.monotonic() - began) * 1000
    looks = [json.loads(jenkins.script(LOOK)) for _ in range(3)]
    return min(heap for heap, _ in looks), statistics.median(threads for _, threads in looks), busy
