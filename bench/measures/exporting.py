"""The Excel report with every open item, against openpyxl's write-only mode; each in a process of its own."""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import server
from bench.measures.scene import Scene
from bench.memory import Finished, run_watched
from bench.timing import Figure, Pair, compared, limited

AT_MOST = 0.4
MEGABYTES = 150


def workbook(scene: Scene) -> Iterator[Figure]:
    seconds: dict[str, list[float]] = {"bare": [], "ours": []}
    peaks: dict[str, list[float]] = {"bare": [], "ours": []}
    for _round in range(max(1, scene.rounds // 3)):
        for way in seconds:
            finished = _run(way, scene.name)
            seconds[way].append(json.loads(finished.output))
            peaks[way].append(finished.peak_megabytes)
    data = f"{scene.loaded.open_items:,} open items"
    pair = Pair(statistics.median(seconds["bare"]), statistics.median(seconds["ours"]))
    yield compared("Excel report, openpyxl write-only as bare", data, pair, at_most=AT_MOST)
    yield limited("Excel report, memory", data, max(peaks["ours"]), " MB", at_most=MEGABYTES)
    yield limited("openpyxl write-only, memory", data, max(peaks["bare"]), " MB")


def _run(way: str, database: str) -> Finished:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.one_export", way, str(Path(folder) / "report.xlsx")]
        return run_watched(command, environment=os.environ | {"DATABASE_URL": server.url(database)})
