"""The peak memory of a process and of those that it starts, as another process sees it."""

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_BETWEEN_LOOKS = 0.01


@dataclass(frozen=True, slots=True)
class Finished:
    output: str
    # Of all processes together, at the worst moment that was seen.
    peak_megabytes: float


def run_watched(command: Sequence[str], *, environment: Mapping[str, str]) -> Finished:
    """Runs a command to its end; raises CalledProcessError where it fails.

    The peak is not taken from getrusage: Linux lets a child inherit the figure of the process that forked it.
    """
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.PIPE, text=True)
    peak = 0
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(_BETWEEN_LOOKS):
            peak = max(peak, sum(map(_resident, _with_descendants(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        output, _nothing = process.communicate()
    finally:
        over.set()
        watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Finished(output, peak / 2**20)


def _resident(pid: int) -> int:
    """Bytes in memory; 0 for a process that is gone."""
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _with_descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            for children in (_PROC / str(parent) / "task").glob("*/children"):
                found += map(int, children.read_text().split())
        except OSError:
            continue
    return found
