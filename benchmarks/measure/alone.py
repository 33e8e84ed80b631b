"""The endpoint alone, beside sshd: every measurement is taken from both, by turns."""

import contextlib
import gc
import os
import random
import subprocess
import time

import report
import servers
from client import CURVE, POST_QUANTUM, Master, Terminal
from report import Target, percentile

BOTH = (servers.Endpoint, servers.OpenSsh)
EXCHANGES = (("curve25519", CURVE), ("sntrup761", POST_QUANTUM))
CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr")
LIKE_OPENSSH = Target(0.8, of_ratio=True, at_least=True)
MB = 1024 * 1024


@contextlib.contextmanager
def server(kind, bench):
    """A fresh server, which ends with the block."""
    started = kind(bench.folder, bench.keys)
    try:
        yield started
    finally:
        started.close()


@contextlib.contextmanager
def both(bench):
    """One of each."""
    with server(servers.Endpoint, bench) as ours, server(servers.OpenSsh, bench) as theirs:
        yield ours, theirs


def by_turns(pair, n, measure, warm=0):
    """Two series of n, each pair taken close together, in changing order; the first warm pairs do not count."""
    series = ([], [])
    for i in range(warm + n):
        for which in (0, 1) if i % 2 else (1, 0):
            value = measure(pair[which])
            if i >= warm:
                series[which].append(value)
    return series


def start(bench):
    """From starting the program to the end of the first command."""
    for (name, kex), limit in zip(EXCHANGES, (1.5, 2.5)):

        def first(kind, kex=kex):
            began = time.perf_counter()
            with server(kind, bench) as started:
                bench.client.true(started, kex)
                return time.perf_counter() - began

        ours, theirs = by_turns(BOTH, 3 if bench.quick else 9, first)
        bench.report.add(f"start to first finished `ssh … true`, {name}", "s", ours, theirs, Target(limit))


def login(bench):
    """A whole `ssh … true` against a server that is warm."""
    with both(bench) as pair:
        for name, kex in EXCHANGES:
            ours, theirs = by_turns(pair, 30 if bench.quick else 60, lambda one, kex=kex: bench.client.true(one, kex), warm=10)
            bench.report.add(f"login, command and end: `ssh … true`, {name}", "ms", ours, theirs, Target(1, of_ratio=True))


def echo(bench):
    """From a key pressed to its picture, which the terminal's driver on the far side gives."""
    with both(bench) as pair:
        terminals = [Terminal(bench.client, one, "printf ready; exec cat >/dev/null") for one in pair]
        try:
            for terminal in terminals:
                terminal.until(b"ready")
            gc.disable()
            ours, theirs = by_turns(terminals, 1000 if bench.quick else 2000, press, warm=200)
        finally:
            gc.enable()
            for terminal in terminals:
                terminal.close()
    bench.report.add("keystroke echo, p50", "ms", ours, theirs, of=lambda values: percentile(values, 50))
    bench.report.add("keystroke echo, p99", "ms", ours, theirs, Target(2, of_ratio=True), of=lambda values: percentile(values, 99))


def press(terminal):
    """One key, after a pause as between keys; now and then a new line, as a terminal's line is 4096 bytes."""
    time.sleep(random.uniform(0.003, 0.009))
    if random.random() < 0.02:
        terminal.type(b"\r", b"\n")
    return terminal.type(b"x", b"x")


def bulk(bench):
    """`cat` through a connection that has already carried as much."""
    payload, n = bench.payload(256 if bench.quick else 512), 2 if bench.quick else 3
    with both(bench) as pair:
        for cipher in CIPHERS:
            with Master(bench.client, pair[0], bench.folder, cipher) as ours, Master(bench.client, pair[1], bench.folder, cipher) as theirs:
                target = LIKE_OPENSSH if "gcm" in cipher else None
                short = cipher.split("@", maxsplit=1)[0]
                down, up = downloads(payload), uploads(payload)
                bench.report.add(f"down, {short}", "MB/s", *by_turns((ours, theirs), n, down, warm=1), target)
                bench.report.add(f"up, {short}", "MB/s", *by_turns((ours, theirs), n, up, warm=1), target)


def downloads(payload):
    """MB/s of one `ssh … cat FILE`."""
    return lambda master: payload.megabytes / master.seconds(master.ssh(f"exec cat {payload.path}"))


def uploads(payload):
    """MB/s of one `ssh … 'cat >/dev/null'`."""

    def up(master):
        with open(payload.path, "rb") as source:
            return payload.megabytes / master.seconds(master.ssh("exec cat >/dev/null"), stdin=source)

    return up


def copy(bench):
    """The programs that copy files, through a connection that is warm."""
    payload, n = bench.payload(256 if bench.quick else 512), 2 if bench.quick else 3
    with both(bench) as pair:
        with Master(bench.client, pair[0], bench.folder, CIPHERS[0]) as ours, Master(bench.client, pair[1], bench.folder, CIPHERS[0]) as theirs:
            for name, tool, options in (("scp", "scp", []), ("scp -O", "scp", ["-O"]), ("sftp", "sftp", [])):
                for way in ("down", "up"):
                    copies = by_turns((ours, theirs), n, lambda master: copied(master, payload, tool, options, way), warm=1)
                    bench.report.add(f"{name} {way}, aes128-gcm", "MB/s", *copies)


def copied(master, payload, tool, options, way):
    """MB/s of one copy."""
    far, target = f"{master.server.user}@127.0.0.1", payload.path + ".copy"
    try:
        if tool == "scp":
            ends = [f"{far}:{payload.path}", target] if way == "down" else [payload.path, f"{far}:{target}"]
            return payload.megabytes / master.seconds(master.copy("scp", *options, *ends))
        with open(payload.path + ".batch", "w+", encoding="utf-8") as batch:
            batch.write(f"{'get' if way == 'down' else 'put'} {payload.path} {target}\n")
            batch.flush()
            return payload.megabytes / master.seconds(master.copy("sftp", "-b", batch.name, far))
    finally:
        if os.path.exists(target):
            os.remove(target)


def cold(bench):
    """The first 100 MB that a fresh server carries."""
    payload, n = bench.payload(100), 2 if bench.quick else 5
    for way, measure in (("down", downloads(payload)), ("up", uploads(payload))):

        def first(kind, measure=measure):
            with server(kind, bench) as fresh, Master(bench.client, fresh, bench.folder, CIPHERS[0]) as master:
                return measure(master)

        bench.report.add(f"first 100 MB {way}, aes128-gcm", "MB/s", *by_turns(BOTH, n, first))


def memory(bench):
    """What is resident after the first login, and with many terminals."""
    n, terminals = 1 if bench.quick else 3, 50
    for (name, kex), limit in zip(EXCHANGES, (100, 150)):
        idle = by_turns(BOTH, n, lambda kind, kex=kex: idle_memory(bench, kind, kex))
        bench.report.add(f"memory after the first login, {name}", "MB", *idle, Target(limit))
    more = by_turns(BOTH, n, lambda kind: terminals_memory(bench, kind, terminals))
    bench.report.add(f"memory that {terminals} terminals add", "MB", *more, Target(30))
    bench.report.note("Memory of the endpoint is resident (RSS); of OpenSSH the sum of its processes, what they share counted once (PSS).")


def idle_memory(bench, kind, kex):
    """MB."""
    with server(kind, bench) as fresh:
        bench.client.true(fresh, kex)
        time.sleep(2)
        return fresh.memory()


def terminals_memory(bench, kind, count):
    """MB more than after the first login."""
    with server(kind, bench) as fresh:
        bench.client.true(fresh)
        time.sleep(2)
        before, open_terminals = fresh.memory(), []
        try:
            for _ in range(count):
                open_terminals.append(Terminal(bench.client, fresh))
                open_terminals[-1].type(b"echo re''ady\r", b"ready")
            time.sleep(2)
            return fresh.memory() - before
        finally:
            for terminal in open_terminals:
                terminal.close()


PARTS = {"start": start, "login": login, "echo": echo, "bulk": bulk, "copy": copy, "cold": cold, "memory": memory}
