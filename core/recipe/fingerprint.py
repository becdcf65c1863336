"""Fingerprints: short names that cover everything which decides a result."""

import hashlib
import json
from typing import Any

PIPELINE_VERSION = 2
"""Raised whenever the same recipe on the same data would give another result; part of every fingerprint."""


def fingerprint(*parts: Any) -> str:
    """A short name for plain JSON values: the first 16 hex digits of SHA-256 over them and the pipeline version."""
    text = json.dumps([PIPELINE_VERSION, *parts], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
