from datetime import UTC, datetime, timedelta

import pytest

from core import wording

NOW = datetime(2025, 11, 22, 16, 30, tzinfo=UTC)


def test_shares_and_losses() -> None:
    assert [wording.percent(share) for share in (0.9867, 1.0, None)] == ["98.67%", "100.00%", "–"]
    assert [wording.loss(value) for value in (0.0903, 2.3, 0.000512, None)] == ["0.0903", "2.30", "0.000512", "–"]


def test_counts_agree_with_their_noun() -> None:
    assert wording.count(1, "image") == "1 image"
    assert wording.count(10_000, "image") == "10,000 images"
    assert wording.count(2, "class", "classes") == "2 classes"


def test_sizes_are_in_megabytes_as_soon_as_there_is_one() -> None:
    sizes = {10: "10 bytes", 2**20 - 1: "1,048,575 bytes", 32 * 2**20: "32 MB"}
    assert [wording.size(n_bytes) for n_bytes in sizes] == list(sizes.values())


@pytest.mark.parametrize(
    ("seconds", "exact", "rough"),
    [
        (0.42, "0.4 s", "5 s"),
        (9.96, "10 s", "10 s"),
        (41, "41 s", "40 s"),
        (192, "3 min 12 s", "3 min"),
        (7500, "2 h 5 min", "2 h 5 min"),
        (36_600, "10 h 10 min", "10 h"),
        (300_000, "3 days", "3 days"),
    ],
)
def test_durations_exact_and_rough(seconds: float, exact: str, rough: str) -> None:
    assert wording.duration(seconds) == exact
    assert wording.about(seconds) == rough


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=2), wording.moment(NOW - timedelta(days=2))),
    ],
)
def test_times_that_have_passed(back: timedelta, words: str) -> None:
    assert wording.ago(NOW - back, NOW) == words


def test_a_moment_is_told_to_the_minute_in_the_zone_of_this_machine() -> None:
    assert wording.moment(NOW) == f"{NOW.astimezone():%Y-%m-%d %H:%M}"
