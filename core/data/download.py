"""Download of single IDX files from several mirrors in turn, each checked before it takes its place.

A file appears under its name only when it is complete and has the published digest; nothing else stays
behind.
"""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, TypeAlias

from core import atomic
from core.data import idx
from core.errors import ChecksumError, DataError, DownloadError

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with a file's name, the bytes received so far and, if the mirror told, the total."""

MAX_BYTES = 2**26
"""Longest transfer that is accepted: six times the largest file of MNIST."""

TIMEOUT_SECONDS = 30.0
"""How long a mirror may stay silent."""

_BLOCK_BYTES = 2**17


def fetch(
    file_name: str,
    folder: Path,
    sha256: str,
    *,
    mirrors: Sequence[str],
    progress: Progress | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> None:
    """Download `file_name` into an existing folder from the first mirror that delivers it.

    sha256: the digest, in hexadecimal, that the decompressed file must have.
    mirrors: addresses that a `/` and the file's name are added to.
    timeout: seconds that a mirror may stay silent.
    Raises DownloadError, which says what happened at each mirror, if none delivers the file.
    """
    failures = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{file_name}"
        try:
            with atomic.new_file(folder / file_name) as file:
                _transfer(url, file, file_name, progress, timeout)
                file.seek(0)
                found = idx.sha256(idx.parse(file.read(), "the download"))
                require_digest(found, sha256, "the download", "it was not kept")
            return
        except (OSError, http.client.HTTPException, DataError) as error:
            failures.append(f"{url} ({_reason(error)})")
    raise DownloadError(
        f"{file_name}: expected a download from one of {len(mirrors)} mirrors, but each failed: "
        f"{'; '.join(failures)}; check the network, or put the file into {folder} by hand"
    )


def require_digest(found: str, expected: str, name: str, advice: str) -> None:
    """Raise ChecksumError if the digests differ; the message names the file `name` and ends with `advice`."""
    if found != expected:
        raise ChecksumError(
            f"{name}: expected decompressed bytes with the SHA-256 digest {expected}, found {found}; {advice}"
        )


def _transfer(url: str, file: BinaryIO, file_name: str, progress: Progress | None, timeout: float) -> None:
    try:
        response = urllib.request.urlopen(url, timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            raise DownloadError(f"status {error.code}, {error.reason}") from error
    with response:
        declared = response.headers["Content-Length"] or ""
        total = int(declared) if declared.isdecimal() else None
        done = 0
        while block := response.read(_BLOCK_BYTES):
            done += len(block)
            if done > MAX_BYTES:
                raise DownloadError(f"expected at most {MAX_BYTES:,} bytes, found more")
            file.write(block)
            if progress is not None:
                progress(file_name, done, total)
    if total is not None and done < total:
        raise DownloadError(f"expected {total:,} bytes, but the connection ended after {done:,}")


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__
