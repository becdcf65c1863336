"""The workers that train: one process of this machine, or a cluster that somebody else runs.

With DASK_SCHEDULER_ADDRESS set (tcp://host:8786) jobs go to the scheduler there; its workers need this project on
their path and the same $DIGITLAB_HOME. Without it one worker process is started on this machine, for it alone. Nothing
starts before the first job.
"""

import concurrent.futures
import contextlib
import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import JobError

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

ADDRESS_VARIABLE = "DASK_SCHEDULER_ADDRESS"

_ANSWER_SECONDS = 3
_SECONDS_BETWEEN_TRIES = 30
_UNFINISHED = frozenset({"waiting", "queued", "no-worker", "processing"})

_SETTINGS: Mapping[str, Any] = {
    # A training is one long task: the worker must neither count threads nor memory on its behalf.
    "distributed.nanny.pre-spawn-environ": {"TF_CPP_MIN_LOG_LEVEL": "2"},
    "distributed.admin.tick.limit": "60s",  # loading TensorFlow holds the worker's loop; that is no reason to warn
    # Nothing but the trainings: no pages that tell of them.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # What waits, waits at the scheduler, where the death of a worker does not count against it.
    "distributed.scheduler.worker-saturation": 1.0,
}


class Cluster:
    """A connection to workers, made when it is first needed. Its methods may be called from any thread."""

    def __init__(self, environment: Mapping[str, str] = os.environ, patience: float = 10.0) -> None:
        self.address = environment.get(ADDRESS_VARIABLE) or None
        self._patience = patience  # seconds for a scheduler to answer
        self._lock = threading.Lock()
        self._next_try = 0.0
        self._local: LocalCluster | None = None
        self._client: Client | None = None

    def submit(self, key: str, work: Callable[..., None], *arguments: Any, priority: int = 0) -> "Future[None]":
        """Put `work(*arguments)` to the workers, in their order of arrival; starts them if there are none.

        key: a second submission under the same key is the same task. priority: a task of a higher one passes those that
        wait. Raises JobError if no scheduler answers.
        """
        from distributed import fire_and_forget

        future = self._connected().submit(work, *arguments, key=key, pure=False, fifo_timeout=0, priority=priority)
        fire_and_forget(future)  # the task outlives this process, where the cluster does
        return future

    def waiting(self, keys: list[str]) -> set[str]:
        """Those of the keys under which others gave a task to the scheduler, which has not seen its end yet.

        None on a cluster of this process's own, which nobody else knows, or as long as the scheduler does not answer.
        """
        if not keys or self.address is None:
            return set()
        client = self._client
        if client is None or client.status != "running":
            self._connect_in_background()
            return set()
        ask: Any = client.scheduler
        try:
            states = client.sync(ask.get_task_status, keys=keys, callback_timeout=_ANSWER_SECONDS)
        except (OSError, TimeoutError):
            return set()
        return {key for key, state in states.items() if state in _UNFINISHED}

    def close(self) -> None:
        """Let go of the workers; those that were started here end with whatever they are doing."""
        with self._lock:
            client, local = self._client, self._local
            self._client = self._local = None
        for what, seconds in ((client, 2), (local, 10)):
            if what is not None:
                with contextlib.suppress(OSError, TimeoutError):
                    what.close(timeout=seconds)

    def _connect_in_background(self) -> None:
        """Look for the scheduler without keeping anybody waiting, and not again before some seconds have passed."""

        def connect() -> None:
            with contextlib.suppress(JobError):
                self._connected()

        now = time.monotonic()
        if now >= self._next_try:
            self._next_try = now + self._patience + _SECONDS_BETWEEN_TRIES
            threading.Thread(target=connect, name="scheduler", daemon=True).start()

    def _client_of(self, address: str) -> "Client":
        """A client of the scheduler there. Raises OSError, TimeoutError or ValueError if it does not answer in time."""
        from distributed import Client

        found: concurrent.futures.Future[Client] = concurrent.futures.Future()

        def connect() -> None:
            try:
                found.set_result(Client(address, timeout=self._patience, set_as_default=False))
            except (OSError, TimeoutError, ValueError) as error:
                found.set_exception(error)

        # In a thread, as a client waits for ever for somebody who takes its connection and says nothing.
        threading.Thread(target=connect, name="client", daemon=True).start()
        return found.result(self._patience + 1)

    def _connected(self) -> "Client":
        with self._lock:
            if self._client is None:
                # Imported here: it takes half a second that a page which only shows results need not wait.
                import dask
                from distributed import Client, LocalCluster

                if self.address is not None:
                    try:
                        self._client = self._client_of(self.address)
                    except (OSError, TimeoutError, ValueError) as error:
                        raise JobError(
                            f"No scheduler answers at {self.address}; start one there, or unset {ADDRESS_VARIABLE} to "
                            "train on this machine."
                        ) from error
                else:
                    with dask.config.set(_SETTINGS):
                        self._local = LocalCluster(
                            n_workers=1,
                            threads_per_worker=1,
                            processes=True,
                            host="127.0.0.1",
                            dashboard_address=None,
                            memory_limit=0,
                            # Even without pages a port is opened for them: any free one.
                            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                        )
                        self._client = Client(self._local, set_as_default=False)
            return self._client
