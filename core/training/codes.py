"""The encoder run once: codes of all images of a phase 1, in half precision on disk, read through a memory map.

Phase 1 leaves the encoder alone, so each image has one code however many epochs follow. Codes of 60,000 images take
1.5 GB as float16; mapped, they need no more memory than the system likes to spare.
"""

import os
import shutil
from pathlib import Path
from typing import BinaryIO

import keras
import numpy as np

from core import atomic
from core.data.scaling import to_inputs
from core.training.progress import Observer, Progress

BATCH = 100
KEPT = 2
"""Folders of codes that stay on disk; older ones are deleted, as they can be made again in seconds."""


def codes_of(encoder: keras.Model, images: np.ndarray, rows: np.ndarray, path: Path, observer: Observer) -> np.ndarray:
    """The flattened codes of some images, from the file at `path` or computed and written there.

    images: (n, h, w) uint8. rows: indices of the images. Returns a read-only memory map (len(rows), code size)
    float16. Raises TrainingCancelled between batches; nothing half-written stays then.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.sweep(path.parent)
        with atomic.new_file(path) as file:
            _write_codes(encoder, images, rows, file, observer)
    os.utime(path.parent)
    return np.load(path, mmap_mode="r")


def forget_old_codes(folder: Path) -> None:
    """Delete all but the most recently used folders of codes below `folder`."""
    used = sorted(folder.glob("codes-*"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in used[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _write_codes(
    encoder: keras.Model, images: np.ndarray, rows: np.ndarray, file: BinaryIO, observer: Observer
) -> None:
    shape, kind = (len(rows), encoder.output.shape[1]), np.lib.format.dtype_to_descr(np.dtype(np.float16))
    np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": shape})
    steps = -(-len(rows) // BATCH)
    for step in range(steps):
        observer.check()
        part = slice(step * BATCH, (step + 1) * BATCH)
        codes = np.asarray(encoder.predict_on_batch(to_inputs(images[rows[part]])))
        file.write(codes.astype(np.float16).tobytes())
        observer.step(Progress("codes", 0, 0, step + 1, steps))
