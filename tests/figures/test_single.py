"""Figures of a dataset, one image and the layers."""

import numpy as np
import pytest

from core.figures import class_counts, largest_changes, occlusion, probabilities
from core.store import StageFacts

NAMES = ("zero", "one", "two")


def test_class_counts() -> None:
    chart = class_counts({"Training": [5, 9, 7], "Test": [1, 2, 3]}, NAMES)

    assert [list(trace.y) for trace in chart.figure.data] == [[5, 9, 7], [1, 2, 3]]
    assert list(chart.figure.layout.xaxis.ticktext) == list(NAMES)
    assert chart.title == "Training images a class: 5 (of zero) to 9 (of one)"
    assert chart.alt.endswith("Test images of each class: zero: 1, one: 2, two: 3.")
    assert chart.table == {"class": list(NAMES), "Training": [5, 9, 7], "Test": [1, 2, 3]}
    assert chart.figure.layout.yaxis.title.text == "Images"


def test_balanced_classes() -> None:
    assert class_counts({"Test": [4, 4, 4]}, NAMES).title == "Every class has 4 images (test)"


def test_no_images_to_count() -> None:
    chart = class_counts({}, ())
    assert chart.alt == "There are no images."
    assert chart.figure.layout.annotations[0].text == "No images"


def test_probabilities_of_an_image() -> None:
    chart = probabilities([0.2, 0.7999, 0.0001], NAMES, label=0)
    [bars] = chart.figure.data

    assert list(bars.x) == [0.2, 0.7999, 0.0001]
    assert list(bars.text) == ["20.00%", "79.99%", "0.01%"]
    assert chart.title == "Read as one, with 79.99%, but it is zero, with 20.00%"
    assert list(chart.figure.layout.yaxis.ticktext) == ["<b>zero</b>", "one", "two"]
    assert chart.table == {"class": list(NAMES), "probability": [0.2, 0.7999, 0.0001]}
    assert chart.figure.layout.xaxis.title.text == "Probability"


def test_a_probability_is_never_rounded_to_a_certainty() -> None:
    chart = probabilities([0.0, 0.999999, 0.000001], NAMES, label=1)

    assert list(chart.figure.data[0].text) == ["0.00%", ">99.99%", "<0.01%"]
    assert chart.title == "Read as one, with >99.99%, rightly"


def test_an_image_without_a_label() -> None:
    assert probabilities([0.2, 0.3, 0.5], NAMES).title == "Read as two, with 50.00%"


def test_of_many_classes_the_likeliest_and_the_true_one_are_shown() -> None:
    values = np.full(40, 0.5 / 39)
    values[7] = 0.5
    chart = probabilities(values, [f"c{i}" for i in range(40)], label=39)

    ticks = list(chart.figure.layout.yaxis.ticktext)
    assert len(ticks) == 12
    assert ticks[0] == "c7"
    assert ticks[-1] == "<b>c39</b>"
    assert len(chart.table["class"]) == 40


def test_occlusion_lies_over_its_image() -> None:
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    drops = np.array([[0.0, 0.4, -0.1], [0.0, 0.2, 0.0]], np.float32)
    chart = occlusion(image, drops, "7")
    below, above = chart.figure.data

    assert [list(row) for row in below.z] == image.tolist()
    assert np.allclose(np.array([list(row) for row in above.z]), drops)
    assert (above.zmin, above.zmax) == pytest.approx((-0.4, 0.4))
    assert list(above.colorbar.ticktext) == ["gains 40 points", "covered", "loses 40 points"]
    assert chart.title == "7 rests on the orange parts: covered, it loses up to 40 points"
    assert chart.table["row"] == [0, 0, 0, 1, 1, 1]
    assert chart.table["pixel"] == [0, 1, 2, 3, 4, 5]
    assert list(chart.figure.layout.yaxis.range) == [1.5, -0.5]


@pytest.mark.parametrize(
    ("drop", "title"),
    [
        (0.004, "Covering no part changes the probability of 7 by half a point"),
        (-0.25, "The blue parts speak against 7: covered, it gains up to 25 points"),
    ],
)
def test_occlusion_says_what_it_found(drop: float, title: str) -> None:
    assert occlusion(np.zeros((4, 4), np.uint8), np.full((4, 4), drop), "7").title == title


STAGES = {
    "autoencoder": StageFacts(2, None, False, {}),
    "phase1": StageFacts(2, None, False, {"encoder_conv_1": 0.0, "dense": 0.05}),
    "phase2": StageFacts(2, None, False, {"encoder_conv_1": 0.001, "dense": 3.0}),
}


def test_layers_that_did_not_move_stand_at_zero() -> None:
    chart = largest_changes(STAGES)
    first, second = chart.figure.data
    axis = chart.figure.layout.xaxis

    assert axis.type == "log"
    assert list(first.x) == [axis.tickvals[0], 0.05]
    assert axis.ticktext[0] == "0"
    assert axis.tickvals[0] < 0.001
    assert [text for _, text in first.customdata] == ["0, not moved", "0.0500"]
    assert list(second.x) == [0.001, 3.0]
    assert list(chart.figure.layout.yaxis.ticktext) == ["encoder conv 1", "dense"]
    assert chart.title == "Phase 1 left the encoder as it was; phase 2 moved every layer"
    assert "Phase 1: 1 of 2 layers moved, encoder_conv_1 did not" in chart.alt
    assert chart.table == {"layer": ["encoder_conv_1", "dense"], "Phase 1": [0.0, 0.05], "Phase 2": [0.001, 3.0]}


def test_a_phase_that_did_not_keep_still_is_not_praised() -> None:
    moved = STAGES | {"phase1": StageFacts(2, None, False, {"encoder_conv_1": 0.1, "dense": 0.05})}
    assert largest_changes(moved).title == "Layers moved in phase 1 and phase 2"


@pytest.mark.parametrize("changes", [{}, {"dense": 0.0}])
def test_nothing_moved(changes: dict[str, float]) -> None:
    chart = largest_changes({"phase1": StageFacts(0, None, False, changes)})
    assert chart.alt
    assert len(chart.table["layer"]) == len(changes)
