"""Runs on disk: found, read, written whole or not at all."""

from core.store.choice import default_run
from core.store.images import RunImages
from core.store.records import (
    Codes,
    Compaction,
    DatasetFacts,
    KeptImages,
    Metrics,
    Predictions,
    RunRequest,
    StageFacts,
    TrainingImages,
)
from core.store.reference import ReferenceRun, reference_runs
from core.store.run import Run
from core.store.store import RunStore
from core.store.trash import Trash, TrashedRun
from core.store.working import WorkingRun

__all__ = [
    "Codes",
    "Compaction",
    "DatasetFacts",
    "KeptImages",
    "Metrics",
    "Predictions",
    "ReferenceRun",
    "Run",
    "RunImages",
    "RunRequest",
    "RunStore",
    "StageFacts",
    "TrainingImages",
    "Trash",
    "TrashedRun",
    "WorkingRun",
    "default_run",
    "reference_runs",
]
