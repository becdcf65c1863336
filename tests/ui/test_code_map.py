import base64
import io

import numpy as np
import pytest
from PIL import Image

from core.insight import MAP_SIDE
from ui import code_map


def test_an_outline_survives_its_link() -> None:
    outline = code_map.parse("120_340_180_400_90_10")
    assert outline is not None
    assert outline.tolist() == [[120, 340], [180, 400], [90, 10]]
    assert code_map.text_of(outline) == "120_340_180_400_90_10"
    assert code_map.text_of(None) is None


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "_", "1_2_3_4", "1_2_3_4_5", "1_2_3_4_5_x", "1_2_3_4_5_-6", "1_2_3_4_5_٣", "1.5_2_3_4_5_6"),
        f"1_2_3_4_5_{MAP_SIDE + 1}",
        "_".join(["7"] * 2 * (code_map.MOST_CORNERS + 1)),
        "1_2_3_4_5_" + "9" * 500,
    ],
)
def test_what_is_no_outline_selects_nothing(text: str | None) -> None:
    assert code_map.parse(text) is None


def test_all_images_travel_in_one_picture() -> None:
    images = np.arange(120 * 4, dtype=np.uint8).reshape(120, 2, 2)
    url = code_map.sprite_of(images)
    kind, _, content = url.partition(",")
    assert kind == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
        assert picture.size == (50 * 2, 3 * 2)
        found = np.asarray(picture.convert("L"))
    assert np.abs(found[2:4, 2:4].astype(int) - images[51].astype(int)).max() < 17
