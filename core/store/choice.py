"""Which run stands for all of them, where nobody named one: to be shown, or to read pictures."""

from collections.abc import Sequence

from core.store.reference import PREFIX, READS_FIRST, SHOWN_FIRST
from core.store.run import Run


def default_run(runs: Sequence[Run], starred: str | None = None, *, to_read: bool = False) -> Run | None:
    """The starred run; else the newest of the user's own; else a reference run; None if there is none at all.

    runs: sound ones, in any order. starred: a fingerprint. to_read: pictures of the user's, for which another of the
    reference runs is made than to be shown.
    """
    if marked := next((run for run in runs if run.fingerprint == starred), None):
        return marked
    if own := [run for run in runs if not run.is_reference]:
        return max(own, key=lambda run: run.finished)
    by_name = {run.name.removeprefix(PREFIX): run for run in runs}
    order = READS_FIRST if to_read else SHOWN_FIRST
    return next((by_name[name] for name in (*order, *by_name) if name in by_name), None)
