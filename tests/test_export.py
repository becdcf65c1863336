import contextlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import export, pipeline
from core.data import embedded
from core.data.dataset import Dataset, from_arrays
from core.errors import ExportError, RunDamagedError
from core.export import SUFFIXES, export_run, write_onnx
from core.inference import load_keras, open_network, probabilities_of
from core.recipe import Recipe
from core.settings import Settings
from core.store import Run

NETWORKS = ("keras", "onnx", "litert")


@pytest.fixture
def lonely_run(tiny_run: Run, tmp_path: Path) -> Run:
    """The tiny run in a home without its dataset."""
    path = tmp_path / "elsewhere" / "runs" / tiny_run.fingerprint
    shutil.copytree(tiny_run.path, path)
    return Run(path)


@pytest.mark.parametrize("format", NETWORKS)
def test_an_exported_network_gives_the_stored_probabilities(
    tiny_run: Run, tiny_dataset: Dataset, tmp_path: Path, format: str
) -> None:
    target = tmp_path / f"net{SUFFIXES[format]}"
    made = export_run(tiny_run, format, target)
    assert (made.path, made.format) == (target, format)
    found = probabilities_of(open_network(target), tiny_dataset.test_images)
    np.testing.assert_allclose(found, tiny_run.predictions.test_probabilities, atol=1e-5)
    stored = probabilities_of(open_network(tiny_run.classifier_path), tiny_dataset.test_images)
    assert made.largest_difference == np.abs(found - stored).max() <= 1e-5
    assert list(tmp_path.iterdir()) == [target]


def test_the_run_s_own_test_images_are_compared_where_they_are_at_hand(tiny_run: Run, tmp_path: Path) -> None:
    made = export_run(tiny_run, "keras", tmp_path)
    assert made.n_images == 50
    assert made.images == "all 50 test images of strokes"


def test_a_dataset_can_be_brought_along(lonely_run: Run, tiny_dataset: Dataset, tmp_path: Path) -> None:
    assert export_run(lonely_run, "keras", tmp_path, dataset=tiny_dataset).images == "all 50 test images of strokes"


def test_another_dataset_is_refused(tiny_run: Run, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"expected the one that run \w+ was trained on, strokes .* got mnist-5k"):
        export_run(tiny_run, "keras", tmp_path, dataset=embedded.load())


@pytest.mark.parametrize("same_name", [False, True], ids=["no dataset", "another of that name"])
def test_made_images_are_compared_otherwise(
    lonely_run: Run, tiny_settings: Settings, tiny_dataset: Dataset, tmp_path: Path, same_name: bool
) -> None:
    if same_name:
        folder = tmp_path / "elsewhere" / "data" / "strokes"
        shutil.copytree(tiny_settings.data / "strokes", folder)
        labels = folder / "t10k-labels-idx1-ubyte"
        labels.write_bytes(labels.read_bytes()[:-1] + b"\0")
    made = export_run(lonely_run, "onnx", tmp_path)
    assert made.n_images == export.MADE_IMAGES
    assert made.images == "256 made images, as the dataset strokes is not at hand"


def test_made_images_are_varied_and_always_the_same() -> None:
    images = export._made_images((12, 17))
    assert images.shape == (256, 12, 17)
    assert images.dtype == np.uint8
    assert images.reshape(256, -1).any(axis=1).sum() > 250
    assert len(np.unique(images.reshape(256, -1), axis=0)) > 250
    np.testing.assert_array_equal(images, export._made_images((12, 17)))


def test_onnx_has_speaking_names_and_takes_any_number_of_images(tiny_run: Run) -> None:
    import onnx

    graph = onnx.load(tiny_run.onnx_path).graph
    [given], [answered] = graph.input, graph.output
    sizes = [[d.dim_param or d.dim_value for d in part.type.tensor_type.shape.dim] for part in (given, answered)]
    assert (given.name, answered.name) == ("image", "probabilities")
    assert sizes == [["n_images", 12, 12, 1], ["n_images", 3]]


def test_the_same_network_gives_the_same_bytes(tiny_run: Run, tmp_path: Path) -> None:
    for format in ("onnx", "litert", "zip"):
        first, second = (export_run(tiny_run, format, tmp_path / f"{n}{SUFFIXES[format]}").path for n in "ab")
        assert first.read_bytes() == second.read_bytes()
    assert (tmp_path / "a.onnx").read_bytes() == tiny_run.onnx_path.read_bytes()


def test_without_a_target_the_current_folder_is_meant(
    tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = export_run(tiny_run, "keras")
    assert made.path == Path(f"classifier-{tiny_run.fingerprint}.keras")
    assert made.path.read_bytes() == tiny_run.classifier_path.read_bytes()


def test_a_wrong_ending_format_or_folder_is_refused_before_anything_is_loaded(
    tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "load_keras", lambda path: pytest.fail("loaded"))
    with pytest.raises(ExportError, match=r"format: expected one of keras, onnx, litert, zip, got 'h5'"):
        export_run(tiny_run, "h5", tmp_path)
    with pytest.raises(ExportError, match=r"net\.onnx: expected a file name that ends in \.tflite, as litert files do"):
        export_run(tiny_run, "litert", tmp_path / "net.onnx")
    with pytest.raises(ExportError, match=r"expected a folder to write to, found none; make .*nowhere first"):
        export_run(tiny_run, "keras", tmp_path / "nowhere" / "net.keras")


def test_a_file_that_cannot_be_written_is_an_export_error(
    tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.contextmanager
    def full(path: Path) -> Iterator[io.BytesIO]:
        raise OSError(28, "No space left on device")
        yield

    monkeypatch.setattr(export, "new_file", full)
    with pytest.raises(ExportError, match=r"net\.keras: .* found: No space left on device"):
        export_run(tiny_run, "keras", tmp_path / "net.keras")


@pytest.mark.parametrize("wrong", [0.0001, np.nan])
def test_other_answers_are_refused_and_the_old_file_stays(
    tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: float
) -> None:
    target = tmp_path / "net.onnx"
    target.write_bytes(b"older")

    def liar(path: Path) -> Any:
        network = open_network(path)
        return lambda inputs: network(inputs) + np.float32(wrong)

    monkeypatch.setattr(export, "open_network", liar)
    with pytest.raises(ExportError, match=r"expected the stored network's probabilities to 1e-05 on 50 images, found"):
        export_run(tiny_run, "onnx", target)
    assert target.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [target]


def test_a_converter_that_fails_is_an_export_error_with_its_reason(
    tiny_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stubborn:
        def __init__(self, path: Path) -> None:
            self.model = load_keras(path)

        def __call__(self, *args: Any, **options: Any) -> Any:
            return self.model(*args, **options)

        def export(self, *_: Any, **__: Any) -> None:
            raise NotImplementedError("no such operation\nand much more")

    monkeypatch.setattr(export, "load_keras", Stubborn)
    with pytest.raises(ExportError, match=r"converted to LiteRT \(NotImplementedError: no such operation\)\.$"):
        export_run(tiny_run, "litert", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_run_is_named(lonely_run: Run, tmp_path: Path) -> None:
    lonely_run.classifier_path.write_bytes(b"gone")
    with pytest.raises(RunDamagedError, match=rf"Run {lonely_run.fingerprint}: .*classifier\.keras.*restore the file"):
        export_run(lonely_run, "zip", tmp_path)


def test_a_failed_onnx_file_does_not_leave_an_older_one(tiny_run: Run, tmp_path: Path) -> None:
    path = tmp_path / "classifier.onnx"
    path.write_bytes(b"older")
    model = load_keras(tiny_run.classifier_path)
    model.export = None
    with pytest.raises(ExportError, match="could not be converted to ONNX"):
        write_onnx(model, path, np.zeros((1, 12, 12), np.uint8))
    assert not path.exists()


# ---- the zip


@pytest.fixture(scope="module")
def unpacked(tiny_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported zip's contents, in a folder."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(export_run(tiny_run, "zip", tmp_path_factory.mktemp("zip")).path) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def test_the_zip_holds_networks_settings_results_and_a_card(unpacked: Path, tiny_run: Run) -> None:
    assert sorted(path.name for path in unpacked.iterdir()) == [
        "README.md",
        "environment.json",
        "history.csv",
        "metrics.json",
        "model.keras",
        "model.onnx",
        "recipe.json",
    ]
    for name in ("environment.json", "history.csv", "metrics.json", "recipe.json"):
        assert (unpacked / name).read_bytes() == (tiny_run.path / name).read_bytes()
    assert Recipe.from_json(json.loads((unpacked / "recipe.json").read_text())["recipe"]) == tiny_run.request.recipe


def test_the_card_s_code_opens_both_networks(
    unpacked: Path, tiny_run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(unpacked)
    blocks = re.findall(r"```python\n(.*?)```", (unpacked / "README.md").read_text(), re.DOTALL)
    assert len(blocks) == 2
    answers = []
    for block in blocks:
        names: dict[str, Any] = {}
        exec(block, names)
        answers.append(names["probabilities"])
    np.testing.assert_allclose(*answers, atol=1e-6)
    blank = probabilities_of(open_network(tiny_run.onnx_path), np.zeros((1, 12, 12), np.uint8))
    np.testing.assert_allclose(answers[0], blank, atol=1e-6)
    assert capsys.readouterr().out == f"[{blank.argmax()}]\n" * 2


# ---- the pipeline


def test_a_run_is_whole_without_onnx_and_says_why(
    tiny_recipe: Recipe,
    tiny_dataset: Dataset,
    tiny_run: Run,
    tiny_settings: Settings,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> float:
        raise ExportError("The network could not be converted.")

    shutil.copytree(tiny_settings.stages, settings.stages)  # so that nothing has to be trained again
    monkeypatch.setattr(pipeline, "write_onnx", fail)
    run = pipeline.get_or_train(tiny_recipe, tiny_dataset, settings)
    assert not run.onnx_path.exists()
    assert run.environment["onnx"] == "The network could not be converted."
    assert "onnx" not in tiny_run.environment
    run.check()
    np.testing.assert_array_equal(run.predictions.test_probabilities, tiny_run.predictions.test_probabilities)


def test_few_test_images_are_enough_to_check_onnx(tiny_run: Run, tiny_dataset: Dataset, tmp_path: Path) -> None:
    small = from_arrays(
        "few",
        tiny_dataset.train_images,
        tiny_dataset.train_labels,
        tiny_dataset.test_images[:1],
        tiny_dataset.test_labels[:1],
        source="made",
    )
    images = small.test_images[: pipeline.ONNX_IMAGES]
    assert write_onnx(load_keras(tiny_run.classifier_path), tmp_path / "one.onnx", images) <= 1e-5
