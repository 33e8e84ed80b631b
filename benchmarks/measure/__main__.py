"""Measures what is asked for and prints the table."""

import argparse
import contextlib
import os
import shutil
import signal
import sys
import tempfile

import alone
import failure
import gateway
import holds
import jenkins
import report
import servers
import unmarked
from client import Client

CONTROLLER = {"failure": failure.failure, "gateway": gateway.gateway, "unmarked": unmarked.unmarked, "holds": holds.holds}
PARTS = {**alone.PARTS, **CONTROLLER}
#: Left out by --quick unless asked for
LONG = ("holds",)


class Payload:
    """A file to carry, of zeros, as no compression is offered."""

    def __init__(self, folder, megabytes):
        self.megabytes, self.path = megabytes, os.path.join(folder, f"payload-{megabytes}")
        if not os.path.exists(self.path):
            with open(self.path, "wb") as out:
                out.truncate(megabytes * alone.MB)


class Bench:
    """What every measurement needs."""

    def __init__(self, folder, files, quick):
        self.folder, self.files, self.quick = folder, files, quick
        self.keys = servers.Keys(folder)
        self.client = Client(self.keys)
        self.report = report.Report()

    def payload(self, megabytes):
        """The file of that size."""
        return Payload(self.files, megabytes)


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/run.sh",
        description="Measures the endpoint beside OpenSSH's sshd on this machine and prints a Markdown table.",
        epilog="All processes are on loopback and end with the run. See benchmarks/README.md.",
    )
    parser.add_argument("--quick", action="store_true", help="fewer measurements, and none of " + ", ".join(LONG) + " unless asked for: some 4 minutes instead of 20")
    parser.add_argument("--only", action="append", choices=list(PARTS), metavar="NAME", help="only this part; may be repeated: " + ", ".join(PARTS))
    return parser.parse_args()


def temporary(stack, where=None):
    """A directory that goes with the run."""
    folder = tempfile.mkdtemp(prefix="remote-access-benchmark.", dir=where)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def memory_files():
    """Where files cost no disk, if there is enough room."""
    shared = "/dev/shm"
    return shared if os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 3 * 1024 * alone.MB else None


def stop(*_):
    """A signal ends the run as an exception would: everything is cleaned up."""
    sys.exit("benchmarks/run.sh: stopped")


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    failed = False
    with contextlib.ExitStack() as stack:
        bench = Bench(temporary(stack), temporary(stack, memory_files()), options.quick)
        for name in options.only or [part for part in PARTS if not (options.quick and part in LONG)]:
            if name in CONTROLLER and jenkins.missing():
                bench.report.note(f"Left out: {name}, as {jenkins.missing()}")
                continue
            report.say(f"measuring {name}")
            try:
                PARTS[name](bench)
            except (OSError, RuntimeError) as e:
                failed = True
                bench.report.note(f"**{name} ended early**: {e}")
        print(f"{report.machine()}; {report.said_by(['ssh', '-V'])}; {report.said_by([servers.java(), '-version'])}\n")
        print(bench.report.text())
    sys.exit(1 if failed else 0)


main()
