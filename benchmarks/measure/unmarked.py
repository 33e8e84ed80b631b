"""What a build costs that is not held at all: the same Pipeline in a Jenkins with the plugin and in one without, by turns."""

import contextlib
import random
import statistics

import processes
from jenkins import Jenkins

STEPS = "node('near') { " + "; ".join(["echo 'a step'"] * 16 + ["sh 'true'"] * 4) + " }"
RESAMPLES = 10_000


def unmarked(bench):
    """A row for the time of a build, and the interval in which the ratio lies."""
    pairs, first = (5, 2) if bench.quick else (40, 5)
    with contextlib.ExitStack() as stack:
        both = []
        for plugin in (True, False):
            jenkins = Jenkins(bench.folder, bench.keys, {"near": 2}, plugin)
            stack.callback(jenkins.close)
            jenkins.agent("near")
            jenkins.pipeline("steps", STEPS)
            both.append(jenkins)
        times = [[], []]
        for turn in range(first + pairs):
            # Who comes first changes, since the second finds a warmer machine
            for which in (0, 1) if turn % 2 else (1, 0):
                taken = build(both[which], turn + 1)
                if turn >= first:
                    times[which].append(taken)
    bench.report.add("a build of 20 steps that is not held", "ms", times[0], times[1], versus="without the plugin")
    low, high = interval(*times)
    verdict = "includes" if low <= 1 <= high else "**does not include**"
    bench.report.note(f"The ratio of the builds of 20 steps lies between {low:.3f} and {high:.3f} (95 %, bootstrap of the medians), which {verdict} 1.")


def build(jenkins, number):
    """Milliseconds, by the controller's own record."""
    jenkins.post("/job/steps/build")
    path = f"/job/steps/{number}/api/json?tree=building,duration,result"

    def ended():
        state = jenkins.get(path)
        return state is not None and not state["building"]

    processes.await_true("a build did not end", ended, 120, 0.1)
    state = jenkins.get(path)
    if state["result"] != "SUCCESS":
        raise RuntimeError(f"a build ended as {state['result']}")
    return state["duration"]


def interval(ours, theirs):
    """Where the ratio of the medians lies, as far as what was measured tells."""
    chance = random.Random(1)
    ratios = sorted(
        statistics.median(chance.choices(ours, k=len(ours))) / statistics.median(chance.choices(theirs, k=len(theirs))) for _ in range(RESAMPLES)
    )
    return ratios[int(RESAMPLES * 0.025)], ratios[int(RESAMPLES * 0.975)]
