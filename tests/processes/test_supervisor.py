"""The supervisor forks, so each test looks at one that runs in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = """
import subprocess, sys, time
from billify.processes.supervisor import Supervisor

def sleeper():
    subprocess.run([sys.executable, "-c", "import time; time.sleep(20)"])

def stubborn():
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(20)

def say(line):
    print(line, flush=True)

supervisor = Supervisor(say=say)
supervisor.add("sleeper", sleeper)
if "stubborn" in sys.argv:
    supervisor.add("stubborn", stubborn)
if "failing" in sys.argv:
    supervisor.add("failing", lambda: sys.exit(3))
supervisor.heed_signals()
say("up")
try:
    supervisor.watch(lambda: None)
finally:
    supervisor.stop()
"""


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def start(started: list[subprocess.Popen[str]], *words: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words], stdout=subprocess.PIPE, text=True
    )
    started.append(process)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_a_killed_child_is_started_again(started: list[subprocess.Popen[str]]) -> None:
    parent = start(started)
    [first] = children(parent.pid, count=1)
    [inner] = children(first, count=1)

    os.kill(first, signal.SIGKILL)

    assert line_of(parent) == "sleeper was ended by SIGKILL and is started again at once."
    wait_gone(inner)
    assert children(parent.pid, count=1) != [first]


def test_a_child_that_keeps_failing_waits_longer_each_time(
    started: list[subprocess.Popen[str]],
) -> None:
    parent = start(started, "failing")

    assert line_of(parent) == "failing stopped with code 3 and is started again at once."
    assert line_of(parent) == "failing stopped with code 3 and is started again in 1 s."
    assert line_of(parent) == "failing stopped with code 3 and is started again in 3 s."


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_all_that_it_started(
    started: list[subprocess.Popen[str]], number: signal.Signals
) -> None:
    parent = start(started)
    [child] = children(parent.pid, count=1)
    [inner] = children(child, count=1)

    parent.send_signal(number)

    assert parent.wait(timeout=10) == 0
    wait_gone(child)
    wait_gone(inner)


def test_a_second_signal_does_not_wait_for_the_stubborn(
    started: list[subprocess.Popen[str]],
) -> None:
    parent = start(started, "stubborn")
    both = children(parent.pid, count=2)
    time.sleep(0.3)

    parent.send_signal(signal.SIGINT)
    time.sleep(0.5)
    parent.send_signal(signal.SIGINT)

    assert parent.wait(timeout=3) == 0
    for child in both:
        wait_gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
def test_children_end_when_the_parent_is_killed(started: list[subprocess.Popen[str]]) -> None:
    parent = start(started)
    [child] = children(parent.pid, count=1)

    parent.kill()

    wait_gone(child)


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def children(pid: int, *, count: int) -> list[int]:
    for _ in range(100):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if len(found) == count:
            return [int(child) for child in found]
        time.sleep(0.05)
    raise AssertionError(f"{pid} has the children {found}")


def wait_gone(pid: int) -> None:
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except FileNotFoundError:
            return
        time.sleep(0.05)
    raise AssertionError(f"{pid} still lives")
