"""Background jobs: trainings that go on in worker processes while nobody needs to watch.

- `job`: what is known of one run in the making, and the state it is in.
- `cluster`: the workers, a local process or a cluster that is already there.
- `queue`: submit, watch, cancel, resume.
- `files`: files that a worker makes, and `exports`, those that are networks in other formats.
- `work`: what a worker does; the only module here that loads a library for networks, and only in the worker.
- `code_maps`: maps of codes, laid out beside the queue in processes of their own.
"""

from core.jobs.files import FileJob, FileJobs, FileState
from core.jobs.job import ACTIVE, Job, State
from core.jobs.queue import Jobs

__all__ = ["ACTIVE", "FileJob", "FileJobs", "FileState", "Job", "Jobs", "State"]
