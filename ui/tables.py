"""Plain columns as CSV, in the one way in which the dashboard writes it."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any


def csv_of(columns: Mapping[str, Sequence[Any]]) -> bytes:
    """Columns of one length as UTF-8 CSV with a head line. Raises ValueError if their lengths differ."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()
