"""Rows and the table they make."""

import dataclasses
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from typing import Optional


def percentile(values, percent):
    """The smallest value that at least percent of all are not above."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


@dataclasses.dataclass(frozen=True)
class Target:
    """What is to be reached: a bound for the value, or for its ratio to OpenSSH's."""

    limit: float
    of_ratio: bool = False
    at_least: bool = False

    def verdict(self, value, ratio):
        seen = ratio if self.of_ratio else value
        met = seen >= self.limit if self.at_least else seen <= self.limit
        bound = f"{'≥' if self.at_least else '≤'} {self.limit:g}{' × OpenSSH' if self.of_ratio else ''}"
        return bound if met else f"**missed**: {bound}"


@dataclasses.dataclass(frozen=True)
class Row:
    """One line: the endpoint's value, OpenSSH's where there is one, of how many, at what load."""

    what: str
    unit: str
    ours: float
    theirs: Optional[float]
    n: int
    load: float
    target: Optional[Target] = None
    versus: str = "OpenSSH"

    def cells(self):
        ratio = self.ours / self.theirs if self.theirs else None
        return [
            self.what,
            self.unit,
            number(self.ours),
            number(self.theirs),
            "" if ratio is None else f"{ratio:.2f}",
            str(self.n),
            f"{self.load:.1f}",
            self.target.verdict(self.ours, ratio) if self.target else "",
        ]


def number(value):
    """Three digits that matter."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


class Report:
    """The rows so far. Each is also told while the run goes on."""

    def __init__(self):
        self.rows, self.notes = [], []
        self.began, self.load = time.time(), os.getloadavg()[0]

    def add(self, what, unit, ours, theirs=None, target=None, of=statistics.median, versus="OpenSSH"):
        """A row of two series of measurements, of which of() makes the value."""
        row = Row(what, unit, of(ours), of(theirs) if theirs else None, len(ours), os.getloadavg()[0], target, versus)
        self.rows.append(row)
        say(" | ".join(row.cells()))

    def note(self, text):
        """A sentence under the table."""
        self.notes.append(text)
        say(text)

    def text(self):
        """All of it in Markdown: a table for each thing compared with, and the notes."""
        tables = [table(versus, [row for row in self.rows if row.versus == versus]) for versus in dict.fromkeys(row.versus for row in self.rows)]
        minutes = (time.time() - self.began) / 60
        load = f"Load average (1 min) {self.load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end; the run took {minutes:.0f} min."
        return "\n\n".join(tables + ["\n".join("* " + note for note in [*self.notes, load])])


def table(versus, rows):
    """One table."""
    head = ["", "unit", "Remote Access", versus, "ratio", "n", "load", "target"]
    lines = [head, ["---", "---"] + ["---:"] * 5 + ["---"]] + [row.cells() for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def say(text):
    """Progress, beside the table."""
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def machine():
    """What this ran on, in one line."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        models = [line.split(":")[1].strip() for line in info if line.startswith("model name")]
    with open("/proc/meminfo", encoding="utf-8") as info:
        memory = int(info.readline().split()[1]) / 1024 / 1024
    return f"{os.cpu_count()} × {models[0] if models else platform.machine()}, {memory:.0f} GiB, {system()}"


def system():
    """Distribution and kernel."""
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, AttributeError):
        name = platform.system()
    return f"{name}, Linux {platform.release().split('-')[0]}"


def said_by(command):
    """The first line a program says of its version."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout.strip().split("\n")[0]
