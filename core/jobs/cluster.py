"""The workers that train: one process of this machine, or a cluster that somebody else runs.

With DASK_SCHEDULER_ADDRESS set (tcp://host:8786) jobs go to the scheduler there; its workers need this project on
their path and the same $DIGITLAB_HOME. Without it one worker process is started on this machine, for it alone. Nothing
starts before the first job.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import JobError

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

ADDRESS_VARIABLE = "DASK_SCHEDULER_ADDRESS"

_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 3

_SETTINGS: Mapping[str, Any] = {
    # A training is one long task: the worker must neither count threads nor memory on its behalf.
    "distributed.nanny.pre-spawn-environ": {"TF_CPP_MIN_LOG_LEVEL": "2"},
    "distributed.admin.tick.limit": "60s",  # loading TensorFlow holds the worker's loop; that is no reason to warn
    # What waits, waits at the scheduler, where the death of a worker does not count against it.
    "distributed.scheduler.worker-saturation": 1.0,
}


class Cluster:
    """A connection to workers, made when it is first needed. Its methods may be called from any thread."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self.address = environment.get(ADDRESS_VARIABLE) or None
        self._lock = threading.Lock()
        self._local: LocalCluster | None = None
        self._client: Client | None = None

    def submit(self, key: str, work: Callable[..., None], *arguments: Any) -> "Future[None]":
        """Put `work(*arguments)` to the workers, in their order of arrival; starts them if there are none.

        key: a second submission under the same key is the same task. Raises JobError if no scheduler answers.
        """
        from distributed import fire_and_forget

        future = self._connected().submit(work, *arguments, key=key, pure=False, fifo_timeout=0)
        fire_and_forget(future)  # the task outlives this process, where the cluster does
        return future

    def waiting(self, keys: list[str]) -> set[str]:
        """Those of the keys whose task the scheduler has and has not seen the end of; none if it does not answer."""
        client = self._client
        if not keys or (client is None and self.address is None):
            return set()

        # A function inside a function travels by value: the scheduler need not have this project.
        def look(wanted: list[str], dask_scheduler: Any = None) -> list[str]:
            ended = ("memory", "erred", "released", "forgotten")
            tasks = dask_scheduler.tasks
            return [key for key in wanted if key in tasks and tasks[key].state not in ended]

        try:
            found = self._connected().run_on_scheduler(look, keys, callback_timeout=_ANSWER_SECONDS)
        except (JobError, OSError, TimeoutError):
            return set()
        return set(found)

    def close(self) -> None:
        """Let go of the workers; those that were started here end with whatever they are doing."""
        with self._lock:
            client, local = self._client, self._local
            self._client = self._local = None
        for what, seconds in ((client, 2), (local, 10)):
            if what is not None:
                with contextlib.suppress(OSError, TimeoutError):
                    what.close(timeout=seconds)

    def _connected(self) -> "Client":
        with self._lock:
            if self._client is None:
                # Imported here: it takes half a second that a page which only shows results need not wait.
                import dask
                from distributed import Client, LocalCluster

                if self.address is not None:
                    try:
                        self._client = Client(self.address, timeout=_CONNECT_SECONDS, set_as_default=False)
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
                        )
                        self._client = Client(self._local, set_as_default=False)
            return self._client
