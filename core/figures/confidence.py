"""Confidence: does it tell the truth, and what is won when unsure images go to a person?"""

import math

import numpy as np
import plotly.graph_objects as go

from core.evaluation import Calibration, CoverageCurve
from core.figures.chart import ACCENT, MUTED, Chart, chart, note
from core.wording import count, percent

_LARGEST, _SMALLEST = 26.0, 7.0
_CURVE_POINTS = 400


def calibration(values: Calibration) -> Chart:
    """Accuracy over confidence, a dot a bin with images, its area by their number; bars are 95% intervals (Wilson).

    values: of `Report.calibration`. On the dashed line a confidence means what it says.
    """
    bins = [one for one in values.bins if one.count and one.mean_confidence is not None and one.accuracy is not None]
    most = max((one.count for one in bins), default=1)
    intervals = [_wilson(one.accuracy or 0.0, one.count) for one in bins]
    accuracy = [one.accuracy or 0.0 for one in bins]
    n_images = sum(one.count for one in bins)
    apart = f"{100 * values.expected_calibration_error:.2f} points"
    result = chart(
        [
            go.Scatter(
                x=[0, 1],
                y=[0, 1],
                name="As confident as right",
                mode="lines",
                line={"color": MUTED, "dash": "dash", "width": 1.5},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=[one.mean_confidence for one in bins],
                y=accuracy,
                name="Images, by confidence",
                mode="markers",
                cliponaxis=False,
                marker={
                    "color": ACCENT,
                    "opacity": 0.85,
                    "size": [max(_SMALLEST, _LARGEST * math.sqrt(one.count / most)) for one in bins],
                },
                error_y={
                    "symmetric": False,
                    "array": [high - own for (_, high), own in zip(intervals, accuracy, strict=True)],
                    "arrayminus": [own - low for (low, _), own in zip(intervals, accuracy, strict=True)],
                    **{"color": ACCENT, "thickness": 1.2, "width": 3},
                },
                customdata=[count(one.count, "image") for one in bins],
                hovertemplate="%{customdata}<br>confidence %{x:.1%}<br>accuracy %{y:.1%}<extra></extra>",
            ),
        ],
        title=f"Confidence and accuracy lie {apart} apart on average",
        x_title="Confidence (mean of a bin)",
        y_title="Accuracy",
        alt=(
            f"Reliability diagram of {count(n_images, 'image')}: confidence and accuracy differ by {apart} on average "
            f"(expected calibration error). "
            + "; ".join(
                f"at confidence {percent(one.mean_confidence)} accuracy is {percent(one.accuracy)} "
                f"({count(one.count, 'image')})"
                for one in bins
            )
        ).rstrip("; ")
        + ".",
        table={
            "from": [one.lower for one in values.bins],
            "to": [one.upper for one in values.bins],
            "images": [one.count for one in values.bins],
            "mean_confidence": [one.mean_confidence for one in values.bins],
            "accuracy": [one.accuracy for one in values.bins],
        },
        height=400,
        empty="" if bins else "No images",
    )
    result.figure.update_xaxes(range=[-0.02, 1.03], tickformat=".0%", zeroline=False)
    result.figure.update_yaxes(range=[-0.03, 1.06], tickformat=".0%", zeroline=False)
    return result


def coverage(curve: CoverageCurve, threshold: float) -> Chart:
    """Accuracy on the images that the network keeps, over the share that it passes to a person.

    threshold: images of a lower confidence are passed on; the point that it gives is marked.
    """
    passed_all = 1 - curve.coverage
    at = int(np.searchsorted(curve.thresholds, threshold))
    passed = float(passed_all[at]) if at < len(passed_all) else 1.0
    kept_accuracy = float(curve.accuracy[at]) if at < len(passed_all) else None
    drawn = _thinned(passed_all, curve.accuracy)
    below = f"Images below {percent(threshold)} confidence, {percent(passed)} of all, go to a person"
    if kept_accuracy is None:
        title, words = "Every image goes to a person", f"{below}; none is kept."
    else:
        title = f"Passing {percent(passed)} of images to a person leaves {percent(kept_accuracy)} right"
        words = f"{below}; of the others {percent(kept_accuracy)} are read rightly. "
        words += f"Without a threshold it is {percent(float(curve.accuracy[0]))}."
    result = chart(
        [
            go.Scatter(
                x=passed_all[drawn],
                y=curve.accuracy[drawn],
                name="Accuracy on the images kept",
                mode="lines",
                line={"color": ACCENT, "width": 2, "shape": "hv"},
                customdata=curve.thresholds[drawn],
                hovertemplate="below %{customdata:.1%} confidence:<br>"
                "%{x:.2%} passed on, %{y:.2%} of the others right<extra></extra>",
            ),
            go.Scatter(
                x=[passed] if kept_accuracy is not None else [],
                y=[kept_accuracy] if kept_accuracy is not None else [],
                name="Threshold",
                mode="markers",
                marker={"size": 13, "color": ACCENT, "symbol": "diamond", "line": {"color": "#ffffff", "width": 1.5}},
                hoverinfo="skip",
            ),
        ],
        title=title,
        x_title="Images passed to a person",
        y_title="Accuracy on the images kept",
        alt=words,
        table={
            "threshold": curve.thresholds.tolist(),
            "passed_to_a_person": passed_all.tolist(),
            "accuracy_on_kept": curve.accuracy.tolist(),
        },
        legend=False,
    )
    if kept_accuracy is not None:
        result.figure.add_vline(passed, line={"color": MUTED, "width": 1, "dash": "dot"})
    else:
        note(result.figure, "threshold above every confidence", x=0.98, y=0.05, xref="paper", yref="paper")
    result.figure.update_xaxes(range=[0, _end(curve, passed_all, passed)], tickformat=".3~%", rangemode="tozero")
    result.figure.update_yaxes(tickformat=".4~%")
    return result


def _wilson(share: float, n: int) -> tuple[float, float]:
    """The 95% interval of a share of n, after Wilson: never empty, never outside [0, 1]."""
    z = 1.959964
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def _thinned(passed: np.ndarray, accuracy: np.ndarray) -> np.ndarray:
    """Positions of a few hundred points that draw the curve as all would: close together where it bends."""
    travelled = np.abs(np.diff(passed, prepend=passed[:1])) / max(float(np.ptp(passed)), 1e-12)
    travelled += np.abs(np.diff(accuracy, prepend=accuracy[:1])) / max(float(np.ptp(accuracy)), 1e-12)
    steps = np.searchsorted(travelled.cumsum(), np.linspace(0, travelled.sum(), _CURVE_POINTS))
    return np.unique(np.concatenate([[0], steps.clip(max=len(passed) - 1), [len(passed) - 1]])).astype(np.int64)


def _end(curve: CoverageCurve, passed_all: np.ndarray, passed: float) -> float:
    """How far the axis goes: a little beyond where most is won, so that the bend is not a line at the border."""
    most = curve.accuracy[0] + 0.95 * (curve.accuracy.max() - curve.accuracy[0])
    bend = float(passed_all[int((curve.accuracy >= most).argmax())])
    return min(1.0, max(1.6 * bend, 1.5 * passed, 0.02))
