"""How long reading takes: the first answer of a fresh process, each digit after it, and a folder of files."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from benchmarks.reading.sets import mnist_test
from core.environment import processor

ROOT = Path(__file__).resolve().parents[2]
FILES = 1_000

_COLD = """
import json, sys, time
begun = time.perf_counter()
from pathlib import Path
from core.prediction import Predictor
from core.settings import from_environment
from core.store import RunStore
predictor = Predictor.open(RunStore.of(from_environment()).find(sys.argv[1], to_read=True))
opened = time.perf_counter()
predictor.read_file(Path(sys.argv[2]))
first = time.perf_counter()
later = []
for _ in range(3):
    for path in sys.argv[2:]:
        start = time.perf_counter()
        digits = len(predictor.read_file(Path(path)).digits)
        later.append((time.perf_counter() - start) / max(1, digits))
print(json.dumps([opened - begun, first - begun, later]))
"""


def latency(run: str, rounds: int = 5) -> dict[str, float | str]:
    """Seconds: median over the rounds of a process's first answer, imports and opening included; median of later ones.

    `files` is what `python -m core predict` takes for 1,000 files of 28x28 pixels, its own start included.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = _files(folder)
        first, opened, later = [], [], []
        for _ in range(rounds):
            done = subprocess.run(
                [sys.executable, "-c", _COLD, run, *map(str, paths[:50])],
                cwd=ROOT, capture_output=True, text=True, check=True,
            )  # fmt: skip
            one_opened, one_first, one_later = json.loads(done.stdout.splitlines()[-1])
            opened.append(one_opened)
            first.append(one_first)
            later += one_later
        start = time.perf_counter()
        command = [sys.executable, "-m", "core", "predict", str(folder), "--run", run, "--json"]
        answered = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
    if answered.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)}: expected an answer, found: {answered.stderr.strip()}")
    return {
        "machine": f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "opened": statistics.median(opened),
        "first": statistics.median(first),
        "later": statistics.median(later),
        "files": seconds,
    }


def _files(folder: Path) -> list[Path]:
    images, _ = mnist_test()
    paths = []
    for index in range(FILES):
        path = folder / f"{index:04}.png"
        cv2.imwrite(str(path), np.asarray(255 - images[index % len(images)]))
        paths.append(path)
    return paths
