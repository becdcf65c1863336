"""What the tests of the Predict page share: a run that reads digits, pictures to read, and what was drawn."""

import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core import prediction
from core.data.dataset import Dataset
from core.images.drawing import Stroke, text_of
from core.store import Run


class OpenGate:
    """Takes everything for a digit: the tiny network is sure of little."""

    caution = ""

    def novelty(self, images: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        return np.zeros(len(images))


@pytest.fixture
def digit_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The finished run, as if its three strokes were the digits 0 to 2: it reads several in a row."""
    monkeypatch.setattr(prediction, "open_gate", lambda run: OpenGate())
    recipe = run.path / "recipe.json"
    values = json.loads(recipe.read_text())
    values["dataset"]["class_names"] = ["0", "1", "2"]
    recipe.write_text(json.dumps(values))
    return Run(run.path)


def scan(*images: np.ndarray) -> bytes:
    """The images side by side as a large PNG, dark on light, with a margin."""
    row = np.concatenate([np.pad(image, 6) for image in images], axis=1)
    return png(np.pad(255 - row.repeat(9, axis=0).repeat(9, axis=1), 20, constant_values=255))


def png(picture: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def clean(dataset: Dataset, *positions: int) -> list[np.ndarray]:
    """Test images without their noise."""
    return [np.where(dataset.test_images[position] > 90, 255, 0).astype(np.uint8) for position in positions]


def uprights(n: int) -> str:
    """A drawing of n strokes from top to bottom."""
    return text_of(
        tuple(Stroke(40, np.array([[150 * i + 100, 100], [150 * i + 100, 400]], np.int32)) for i in range(n))
    )


def give(app: AppTest, files: dict[str, bytes]) -> AppTest:
    for name, content in files.items():
        app.file_uploader[0].upload(name, content)
    return app.run()


def shown(app: AppTest, component: str, key: str = "") -> dict[str, Any]:
    """What a component was given. key: the one of that key, where the page has several."""
    data: dict[str, Any] = json.loads(_proto(app, component, key).json)
    return data


def triggered(app: AppTest, component: str, event: str, value: Any, key: str = "") -> AppTest:
    """The page after the browser's part of a component reported an event, which Streamlit's test client cannot do."""
    states = app._tree.get_widget_states()
    trigger = states.widgets.add()
    trigger.id = f"$$STREAMLIT_INTERNAL_KEY_{_proto(app, component, key).id}__events"
    trigger.json_trigger_value = json.dumps([{"event": event, "value": value}])
    return app._run(states)


def _proto(app: AppTest, component: str, key: str) -> Any:
    name = f"digitlab_{component}"
    found = [one.proto for one in app.get("bidi_component") if one.proto.component_name == name]
    [proto] = [one for one in found if key in one.id]
    return proto


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: str(metric.value) for metric in app.metric}


def link(app: AppTest, name: str) -> str:
    """A parameter of the URL."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def packed(files: dict[str, bytes]) -> bytes:
    """A zip file of files by their paths."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return file.getvalue()


def leave_and_come_back(app: AppTest) -> AppTest:
    """Another page is looked at, and the Predict page again, by links without parameters."""
    for page in ("data", "predict"):
        app.switch_page(f"../pages/{page}.py")
        app.query_params.clear()
        app.run()
    return app


def click(app: AppTest, label: str) -> AppTest:
    next(button for button in app.main.button if button.label == label).click()
    return app.run()
