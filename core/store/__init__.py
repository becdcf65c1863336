"""Runs on disk: found, read, written whole or not at all."""

from core.store.records import DatasetFacts, Metrics, Predictions, RunRequest, StageFacts
from core.store.run import Run, WorkingRun
from core.store.store import RunStore

__all__ = [
    "DatasetFacts",
    "Metrics",
    "Predictions",
    "Run",
    "RunRequest",
    "RunStore",
    "StageFacts",
    "WorkingRun",
]
