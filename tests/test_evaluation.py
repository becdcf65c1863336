"""Evaluation against hand-made cases, against scikit-learn, and against what holds for any input."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray
from sklearn.metrics import classification_report, log_loss

from core.evaluation import (
    Report,
    coverage_curve,
    evaluate,
    predicted_classes,
)

Split = tuple[NDArray[Any], NDArray[Any]]

# Four images of three classes: right and sure, right and unsure, wrong and sure, wrong and unsure.
HAND_MADE = np.array([[0.9, 0.05, 0.05], [0.3, 0.4, 0.3], [0.1, 0.8, 0.1], [0.35, 0.25, 0.4]])
HAND_LABELS = np.array([0, 1, 2, 1])


def made_split(seed: int, n_images: int, n_classes: int, dtype: str = "float32") -> Split:
    """Softmax outputs that are right about as often as an early epoch's."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, n_classes, n_images)
    logits = rng.normal(0, 2, (n_images, n_classes))
    logits[np.arange(n_images), labels] += 3
    probabilities = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (probabilities / probabilities.sum(axis=1, keepdims=True)).astype(dtype), labels


@st.composite
def splits(draw: st.DrawFn) -> Split:
    n_images, n_classes = draw(st.integers(1, 40)), draw(st.integers(2, 12))
    # Few distinct weights, so that ties, certainty and flat rows are common.
    weights = draw(npst.arrays(np.float64, (n_images, n_classes), elements=st.sampled_from([0.0, 0.1, 1.0, 7.0])))
    weights[weights.sum(axis=1) == 0] = 1
    dtype = draw(st.sampled_from(["float16", "float32", "float64"]))
    labels = draw(npst.arrays(np.uint8, n_images, elements=st.integers(0, n_classes - 1)))
    return (weights / weights.sum(axis=1, keepdims=True)).astype(dtype), labels


def test_hand_made_case() -> None:
    report = evaluate(HAND_MADE, HAND_LABELS, ["T-shirt", "trouser", "coat"])

    assert (report.n_images, report.correct, report.incorrect, report.accuracy) == (4, 2, 2, 0.5)
    assert report.loss == pytest.approx(-np.log([0.9, 0.4, 0.1, 0.25]).mean())
    assert report.confusion == ((1, 0, 0), (0, 1, 1), (0, 1, 0))
    assert (report.first_correct, report.first_incorrect) == ((0, 1), (2, 3))
    assert [c.name for c in report.classes] == ["T-shirt", "trouser", "coat"]
    assert [(c.precision, c.recall, c.f1, c.support) for c in report.classes] == [
        (1, 1, 1, 1),
        (0.5, 0.5, 0.5, 2),
        (0, 0, 0, 1),
    ]
    macro, weighted = report.macro_average, report.weighted_average
    assert (macro.name, macro.precision, macro.recall, macro.f1, macro.support) == (
        "Macro avg",
        0.5,
        0.5,
        0.5,
        4,
    )
    assert (weighted.name, weighted.precision, weighted.support) == ("Weighted avg", 0.5, 4)


def test_hand_made_calibration() -> None:
    calibration = evaluate(HAND_MADE, HAND_LABELS).calibration

    # Confidences 0.9 (right), 0.4 (right), 0.8 (wrong), 0.4 (wrong); both of 0.4 fall into (5/15, 6/15].
    assert len(calibration.bins) == 15
    assert [b.lower for b in calibration.bins] == pytest.approx([k / 15 for k in range(15)])
    assert [b.upper for b in calibration.bins] == pytest.approx([k / 15 for k in range(1, 16)])
    filled = {k: (b.count, b.mean_confidence, b.accuracy) for k, b in enumerate(calibration.bins) if b.count}
    assert filled == {5: (2, 0.4, 0.5), 11: (1, 0.8, 0.0), 13: (1, 0.9, 1.0)}
    assert all(b.mean_confidence is b.accuracy is None for b in calibration.bins if not b.count)
    assert calibration.expected_calibration_error == pytest.approx((2 * 0.1 + 0.8 + 0.1) / 4)


@pytest.mark.parametrize(
    ("confidence", "label", "error"),
    [(1.0, 0, 0.0), (1.0, 1, 1.0), (0.5, 0, 0.5), (1.0005, 1, 1.0)],
    ids=["sure and right", "sure and wrong", "half sure and right", "a little more than sure"],
)
def test_calibration_error_of_one_image(confidence: float, label: int, error: float) -> None:
    report = evaluate([[confidence, max(0, 1 - confidence)]], [label])

    assert report.calibration.expected_calibration_error == error


@pytest.mark.parametrize("n_classes", [2, 3, 10, 47])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_agrees_with_scikit_learn(n_classes: int, dtype: str) -> None:
    probabilities, labels = made_split(n_classes, 500, n_classes, dtype)
    names = [f"name {k}" for k in range(n_classes)]
    classes = range(n_classes)
    expected = classification_report(
        labels, probabilities.argmax(1), labels=classes, target_names=names, output_dict=True, zero_division=0
    )

    report = evaluate(probabilities, labels, names)

    for scores, name in [
        *zip(report.classes, names, strict=True),
        (report.macro_average, "macro avg"),
        (report.weighted_average, "weighted avg"),
    ]:
        assert {
            "precision": scores.precision,
            "recall": scores.recall,
            "f1-score": scores.f1,
            "support": scores.support,
        } == pytest.approx(expected[name]), name
    assert report.accuracy == expected["accuracy"]
    whole = probabilities.astype("float64")
    whole /= whole.sum(axis=1, keepdims=True)
    assert report.loss == pytest.approx(log_loss(labels, whole, labels=list(classes)), rel=1e-5)


def test_loss_is_clipped_as_keras_clips_it() -> None:
    assert evaluate([[1.0, 0.0]], [1]).loss == pytest.approx(-np.log(1e-7))
    assert evaluate([[1.0, 0.0]], [0]).loss == pytest.approx(1e-7)


def test_class_without_images_scores_zero_and_does_not_warn() -> None:
    never_seen_or_named = evaluate([[1, 0, 0], [0, 1, 0]], [0, 1]).classes[2]
    named_in_error = evaluate([[1, 0, 0], [0, 0, 1]], [0, 1]).classes[2]

    for scores in (never_seen_or_named, named_in_error):
        assert (scores.precision, scores.recall, scores.f1, scores.support) == (0, 0, 0, 0)


def test_only_one_image() -> None:
    report = evaluate([[0.2, 0.8]], [1])

    assert (report.accuracy, report.first_correct, report.first_incorrect) == (1.0, (0,), ())
    assert report.confusion == ((0, 0), (0, 1))


def test_first_images_are_the_first_nine_of_each_kind() -> None:
    labels = np.arange(40) % 2
    report = evaluate(np.tile([0.9, 0.1], (40, 1)), labels)

    assert report.first_correct == tuple(range(0, 18, 2))
    assert report.first_incorrect == tuple(range(1, 19, 2))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(splits())
def test_counts_agree_with_each_other(split: Split) -> None:
    probabilities, labels = split
    report = evaluate(probabilities, labels)
    confusion = np.array(report.confusion)

    assert report.n_images == len(labels) == confusion.sum() == report.correct + report.incorrect
    assert report.accuracy == np.trace(confusion) / len(labels)
    supports = [c.support for c in report.classes]
    assert supports == confusion.sum(axis=1).tolist() == np.bincount(labels, minlength=len(confusion)).tolist()
    assert report.weighted_average.recall == pytest.approx(report.accuracy)
    shares = [
        value
        for c in (*report.classes, report.macro_average, report.weighted_average)
        for value in (c.precision, c.recall, c.f1)
    ]
    assert all(0 <= value <= 1 for value in shares)
    assert 0 <= report.loss <= -np.log(1e-7)
    predicted = predicted_classes(probabilities)
    assert all(predicted[i] == labels[i] for i in report.first_correct)
    assert all(predicted[i] != labels[i] for i in report.first_incorrect)
    assert Report.from_json_values(json.loads(json.dumps(report.to_json_values(), allow_nan=False))) == report


@settings(max_examples=60, deadline=None, derandomize=True)
@given(splits())
def test_calibration_bins_hold_every_image_once(split: Split) -> None:
    report = evaluate(*split)
    images = hits = gaps = 0.0
    for one in report.calibration.bins:
        if one.mean_confidence is None or one.accuracy is None:
            assert one.count == 0
            continue
        assert one.lower - 1e-9 <= one.mean_confidence <= one.upper + 1e-9
        images += one.count
        hits += one.count * one.accuracy
        gaps += one.count * abs(one.accuracy - one.mean_confidence)

    assert images == report.n_images
    assert hits == pytest.approx(report.correct)
    assert 0 <= report.calibration.expected_calibration_error <= 1
    assert report.calibration.expected_calibration_error == pytest.approx(gaps / report.n_images)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(splits())
def test_coverage_curve_is_what_its_words_say(split: Split) -> None:
    probabilities, labels = split
    curve = coverage_curve(probabilities, labels)
    confidences = np.minimum(probabilities.astype(np.float64).max(axis=1), 1)
    hits = predicted_classes(probabilities) == labels

    assert curve.thresholds.tolist() == sorted(set(confidences.tolist()))
    for threshold, coverage, accuracy in zip(curve.thresholds, curve.coverage, curve.accuracy, strict=True):
        kept = confidences >= threshold
        assert coverage == pytest.approx(kept.mean())
        assert accuracy == pytest.approx(hits[kept].mean())


def test_coverage_curve_by_hand() -> None:
    curve = coverage_curve(HAND_MADE, HAND_LABELS)

    assert curve.thresholds.tolist() == [0.4, 0.8, 0.9]
    assert curve.coverage.tolist() == [1, 0.5, 0.25]
    assert curve.accuracy.tolist() == [0.5, 0.5, 1]


def test_inputs_are_left_as_they_were() -> None:
    probabilities, labels = made_split(0, 50, 10, "float64")
    before = probabilities.copy(), labels.copy()

    evaluate(probabilities, labels)
    coverage_curve(probabilities, labels)

    assert (probabilities == before[0]).all()
    assert (labels == before[1]).all()


def test_stored_values_that_are_no_report_are_refused() -> None:
    values = evaluate(HAND_MADE, HAND_LABELS).to_json_values()

    with pytest.raises(ValueError, match="lack the field 'calibration'"):
        Report.from_json_values({name: v for name, v in values.items() if name != "calibration"})
    with pytest.raises(ValueError, match=r"missing.* 'loss'"):
        Report.from_json_values({name: v for name, v in values.items() if name != "loss"})
    with pytest.raises(ValueError, match=r"unexpected.* 'mood'"):
        Report.from_json_values({**values, "mood": "good"})
    with pytest.raises(ValueError, match="not the values of a report"):
        Report.from_json_values({**values, "confusion": "none"})
    with pytest.raises(ValueError, match=r"5 correct and 2 incorrect of 4 images, but .* counts 4"):
        Report.from_json_values({**values, "correct": 5})


def test_ten_thousand_images_take_well_under_a_tenth_of_a_second() -> None:
    probabilities, labels = made_split(0, 10_000, 10)
    evaluate(probabilities, labels)

    def seconds() -> float:
        start = time.perf_counter()
        evaluate(probabilities, labels)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.1


def test_reading_a_report_loads_no_heavy_library() -> None:
    imports = "import sys, core.evaluation, core.comparison; "
    script = imports + "print({'sklearn', 'scipy', 'keras'} & set(sys.modules))"
    root = Path(__file__).parents[1]

    result = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "set()"
