"""Processes this run has started, each known by its id, and what they cost."""

import base64
import os
import signal
import subprocess
import time


def environment():
    """What the programs measured are started with: the way to programs, and nothing else of ours."""
    kept = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ}


def start(command, log, **options):
    """Starts a server in a session of its own; what it says goes to the file log."""
    with open(log, "ab") as out:
        return subprocess.Popen(
            command, stdout=options.pop("stdout", out), stderr=out, start_new_session=True, env=options.pop("env", environment()), **options
        )


def tail(log):
    """The end of what a server said."""
    with open(log, encoding="utf-8", errors="replace") as said:
        return said.read()[-2000:].strip() or "it said nothing"


def end(process, patience=5):
    """Ends a process that start() gave; kills it when asking is not enough."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(sign)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
    process.wait()


def await_true(what, condition, seconds=30, pause=0.005):
    """Waits until condition() gives something true, which is the answer."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        found = condition()
        if found:
            return found
        time.sleep(pause)
    raise RuntimeError(f"{what} within {seconds} s")


def descendants(pid):
    """The process and all that came from it and still lives."""
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as stat:
                children.setdefault(int(stat.read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
        except OSError:
            continue
    found, queue = [], [pid]
    while queue:
        found.append(queue.pop())
        queue += children.get(found[-1], [])
    return found


def name(pid):
    """What the kernel calls the process; nothing when it has gone."""
    try:
        with open(f"/proc/{pid}/comm") as comm:
            return comm.read().strip()
    except OSError:
        return ""


def resident(pid):
    """Resident memory of one process in MB (VmRSS)."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def proportional(pids):
    """Memory of several processes in MB, what they share counted once (PSS); one that has just gone has none."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as rollup:
                total += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return total / 1024


def base64_of(text):
    """Base64."""
    return base64.b64encode(text.encode()).decode()


def cpu_seconds(pid):
    """Processor time the process has used."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
