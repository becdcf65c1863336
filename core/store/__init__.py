"""Runs on disk: found, read, written whole or not at all."""

from core.store.records import Codes, DatasetFacts, Metrics, Predictions, RunRequest, StageFacts
from core.store.run import Run
from core.store.store import RunStore
from core.store.trash import Trash, TrashedRun
from core.store.working import WorkingRun

__all__ = [
    "Codes",
    "DatasetFacts",
    "Metrics",
    "Predictions",
    "Run",
    "RunRequest",
    "RunStore",
    "StageFacts",
    "Trash",
    "TrashedRun",
    "WorkingRun",
]
