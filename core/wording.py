"""Numbers and times as people read them, alike on every screen."""

from datetime import UTC, datetime

STAGE_NAMES = {
    "autoencoder": "Autoencoder",
    "codes": "Codes",
    "phase1": "Phase 1",
    "phase2": "Phase 2",
    "evaluation": "Evaluation",
}
"""Part of a run -> its name."""


def percent(share: float | None) -> str:
    """98.67%; a dash for None."""
    return "–" if share is None else f"{share:.2%}"


def probability(value: float) -> str:
    """In percent, and never rounded to a certainty that it is not: 98.67%, <0.01%, >99.99%."""
    if 0 < value < 0.0001:
        return "<0.01%"
    return ">99.99%" if 0.9999 < value < 1 else percent(float(value))


def loss(value: float | None) -> str:
    """Three digits that count: 0.0903, 2.30, 0.000512; a dash for None."""
    return "–" if value is None else f"{value:#.3g}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """1 image, 10,000 images."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def size(n_bytes: int) -> str:
    """32 MB, 900 bytes."""
    return f"{n_bytes / 2**20:,.0f} MB" if n_bytes >= 2**20 else f"{n_bytes:,} bytes"


def duration(seconds: float) -> str:
    """0.4 s, 41 s, 3 min 12 s, 2 h 5 min, 3 days."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 48 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} days"


def about(seconds: float) -> str:
    """An estimate, with no more digits than it deserves: 20 s, 3 min, 2 h 10 min, 3 days."""
    if seconds < 5:
        return "5 s"
    if seconds < 90:
        return f"{round(seconds / 5) * 5} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        hours, rest = divmod(round(minutes / 5) * 5, 60)
        return f"{hours} h {rest} min" if rest and hours < 10 else f"{round(minutes / 60)} h"
    return f"{round(minutes / 1440)} days"


def moment(time: datetime) -> str:
    """A time in this machine's zone, to the minute: 2025-11-22 16:30."""
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


def ago(time: datetime, now: datetime | None = None) -> str:
    """How long ago: just now, 5 minutes ago, 3 hours ago, or the time itself: 2025-11-22 16:30."""
    seconds = ((now or datetime.now(UTC)) - time).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{count(int(seconds // 60), 'minute')} ago"
    if seconds < 24 * 3600:
        return f"{count(int(seconds // 3600), 'hour')} ago"
    return moment(time)
