"""The queue of runs to train: submit, watch, cancel, resume, discard.

A wish is on disk before a worker hears of it, so that none is lost; what became of it is read from there as well. The
queue knows requests and folders, and nothing of networks. Refused, with `JobError`: to change a run that is in a state
which does not allow it.
"""

import concurrent.futures
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DigitLabError, JobError
from core.jobs import work
from core.jobs.cluster import Cluster
from core.jobs.files import FileJobs
from core.jobs.job import Job, State, look
from core.settings import Settings
from core.store import RunRequest, RunStore, WorkingRun

if TYPE_CHECKING:
    from distributed import Future


class Jobs:
    """The runs in the making of one home. Its methods may be called from any thread; close it when done.

    files: those that the same workers make beside the trainings.
    """

    def __init__(self, settings: Settings, cluster: Cluster | None = None) -> None:
        self.settings = settings
        self.store = RunStore(settings.runs)
        self._cluster = cluster or Cluster()
        self.files = FileJobs(self._cluster)
        self._changing = threading.RLock()
        self._requests: dict[Path, tuple[int, RunRequest | None]] = {}
        # One thread puts jobs to the workers: starting them takes seconds that nobody has to wait, and order is kept.
        self._sender = concurrent.futures.ThreadPoolExecutor(1, "jobs")
        self._unsent: set[str] = set()
        self._sent: dict[str, Future[None]] = {}

    def submit(self, request: RunRequest) -> None:
        """See to it that this run gets trained, unless it is finished, or somebody wished for it already.

        Returns at once. What goes wrong later, a worker that cannot be started included, is told by the job's state.
        """
        with self._changing:
            if (self.settings.runs / request.fingerprint).is_dir():
                return
            job = self._look(request.fingerprint)
            if job is not None and not job.can_resume:
                return
            working = self.store.working_run(request.fingerprint)
            working.path.mkdir(parents=True, exist_ok=True)
            working.write_request(request)
            self._send(working)

    def resume(self, fingerprint: str) -> None:
        """Go on with a run that was cancelled or interrupted or has failed, after its last finished epoch.

        Raises JobError if it is in no such state.
        """
        with self._changing:
            job = self._look(fingerprint)
            if job is None or not job.can_resume:
                raise _refusal(fingerprint, job, "resumed")
            self._send(job.working)

    def cancel(self, fingerprint: str) -> None:
        """Take a run out of the queue, or stop it within two seconds; its checkpoints are kept.

        Raises JobError if it neither waits nor runs here.
        """
        with self._changing:
            job = self._look(fingerprint)
            if job is None or not job.can_stop:
                raise _refusal(fingerprint, job, "cancelled")
            job.working.ask_to_stop()

    def discard(self, fingerprint: str) -> None:
        """Forget a run that does not go on; the checkpoints of its stages are kept.

        Raises JobError if it waits or runs.
        """
        with self._changing:
            job = self._look(fingerprint)
            if job is None or not job.can_resume:
                raise _refusal(fingerprint, job, "discarded")
            job.working.discard()

    def watch(self, fingerprint: str) -> Job | None:
        """The run in the making of this fingerprint as it is now; None if there is none, or it is finished."""
        job = self._look(fingerprint)
        if job is None or job.state is not State.QUEUED:
            return job
        return next((job for job in self.all() if job.fingerprint == fingerprint), None)

    def all(self) -> list[Job]:
        """Every run in the making: those at work first, then the queue in its order, then those that rest."""
        folders = self.store.unfinished()
        waiting = self._waiting(folders)
        looks = [look(working, self.store, working.path in waiting, self._request) for working in folders]
        jobs = sorted((job for job in looks if job is not None), key=_order)
        queue = [job.fingerprint for job in jobs if job.state is State.QUEUED]
        return [
            replace(job, place=queue.index(job.fingerprint) + 1) if job.state is State.QUEUED else job for job in jobs
        ]

    def close(self) -> None:
        """End the workers that were started here, with what they are doing; every finished epoch is kept."""
        self._sender.shutdown(wait=False, cancel_futures=True)
        self.files.close()
        self._cluster.close()

    def _look(self, fingerprint: str) -> Job | None:
        """The job without its place in the queue."""
        working = self.store.working_run(fingerprint)
        if not working.path.is_dir():
            return None
        return look(working, self.store, bool(self._waiting([working])), self._request)

    def _waiting(self, folders: list[WorkingRun]) -> set[Path]:
        """Those of the folders whose task is on its way to a worker, in the queue there, or at work."""
        for working in folders:
            self._settle(working)
        keys = {_key(working): working for working in folders}
        ours = {key for key in keys if key in self._unsent or key in self._sent}
        theirs = self._cluster.waiting([key for key in keys if key not in ours])
        return {keys[key].path for key in ours | theirs}

    def _send(self, working: WorkingRun) -> None:
        ticket = working.ask()
        self._unsent.add(_key(working))
        self._sender.submit(self._put, working, _key(working), ticket)

    def _put(self, working: WorkingRun, key: str, ticket: str) -> None:
        try:
            future = self._cluster.submit(key, work.train, str(self.settings.home), working.fingerprint, ticket)
            self._sent[key] = future
        except DigitLabError as error:
            working.write_failure(str(error))
        except Exception as error:  # noqa: BLE001
            # Whatever keeps a cluster from starting must be seen where the run is, not in a thread's last words.
            working.write_failure(f"No worker could be started ({type(error).__name__}: {error}).")
        finally:
            self._unsent.discard(key)

    def _settle(self, working: WorkingRun) -> None:
        """See what became of a task that a worker had; where that was an error, its worker died time and again."""
        key = _key(working)
        future = self._sent.get(key)
        if future is None or not future.done():
            return
        with self._changing:
            if self._sent.pop(key, None) is None or future.status != "error" or working.stop_asked:
                return
            if working.last_beat is None:
                self._send(working)  # it only waited beside the one that killed the workers
            elif working.failure() is None:
                working.write_failure(
                    "The worker process died several times during this training, perhaps for want of memory; "
                    "resume it after closing other programs, or choose smaller batches."
                )

    def _request(self, working: WorkingRun) -> RunRequest | None:
        """The request in a folder, read once as long as it does not change."""
        path = working.request_path
        try:
            stamp = path.stat().st_mtime_ns
        except OSError:
            return None
        known = self._requests.get(path)
        if known is None or known[0] != stamp:
            known = self._requests[path] = (stamp, working.request())
        return known[1]


def _key(working: WorkingRun) -> str:
    return f"train-{working.fingerprint}-{working.ticket}"


_RANK = {State.RUNNING: 0, State.STOPPING: 0, State.STARTING: 0, State.SILENT: 0, State.QUEUED: 1}


def _order(job: Job) -> tuple[int, float]:
    """Those at work, the queue from its head, then the rest from the latest."""
    rank = _RANK.get(job.state, 2)
    moment = job.asked or job.since
    seconds = moment.timestamp() if moment else 0.0
    return rank, -seconds if rank == 2 else seconds


def _refusal(fingerprint: str, job: Job | None, wish: str) -> JobError:
    state = f"it is {job.state}" if job else "there is no such run in the making"
    return JobError(f"Run {fingerprint} cannot be {wish}: {state}.")
