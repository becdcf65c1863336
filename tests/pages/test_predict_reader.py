"""Who reads on the Predict page: the starred run or another, and runs that cannot."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from core.jobs import exports
from core.settings import Settings
from core.store import Run, RunStore, labels
from tests.pages.conftest import ROOT, Open, words_of
from tests.pages.predicting import leave_and_come_back, link
from ui import loading


def test_the_starred_run_reads_and_another_can_be_chosen(open_page: Open, run: Run, home: Settings) -> None:
    newer = Path(shutil.copytree(run.path, home.runs / "feedfacefeedface"))
    environment = (newer / "environment.json").read_text().replace('"finished": "2', '"finished": "3')
    (newer / "environment.json").write_text(environment)

    def reader(app: AppTest) -> Any:
        return next(one for one in app.selectbox if one.label == "Read by")

    assert reader(open_page("predict", run=run.fingerprint)).value == "feedfacefeedface"
    assert reader(open_page("predict", reader=run.fingerprint)).value == run.fingerprint
    labels.star(home.runs, run.fingerprint)
    app = open_page("predict", run="feedfacefeedface")
    assert reader(app).value == run.fingerprint
    assert "starred" in reader(app).options[1]
    reader(app).set_value("feedfacefeedface").run()
    assert link(app, "reader") == "feedfacefeedface"
    assert "The sidebar's run is not used here." in words_of(app)
    assert "which is not here" in words_of(open_page("predict", reader="0123"))
    (run.path / "metrics.json").unlink()
    loading._run.clear()
    assert "The starred run is damaged" in words_of(open_page("predict"))


def test_the_link_names_who_reads_and_a_new_star_counts(open_page: Open, run: Run, home: Settings) -> None:
    newer = Path(shutil.copytree(run.path, home.runs / "feedfacefeedface"))
    environment = (newer / "environment.json").read_text().replace('"finished": "2', '"finished": "3')
    (newer / "environment.json").write_text(environment)
    app = open_page("predict")
    assert link(app, "reader") == "feedfacefeedface"
    assert "The newest of your runs." in words_of(app)
    labels.star(home.runs, run.fingerprint)
    leave_and_come_back(app)
    assert link(app, "reader") == run.fingerprint
    assert "You starred it." in words_of(app)
    # Somebody who follows a link reads with its run, whatever is starred.
    app = leave_and_come_back(open_page("predict", reader="feedfacefeedface"))
    assert link(app, "reader") == "feedfacefeedface"


def test_a_run_without_onnx_reads_once_it_was_exported(open_page: Open, run: Run, tiny_run: Run) -> None:
    run.onnx_path.unlink()
    app = open_page("predict")
    assert not app.file_uploader
    assert "holds its network for Keras alone" in words_of(app)
    assert any(button.label == "Make ONNX" for button in app.button)
    export = exports.path_of(RunStore(run.path.parent), run.fingerprint, "onnx")
    export.parent.mkdir(parents=True)
    shutil.copy(tiny_run.onnx_path, export)
    app.run()
    assert app.file_uploader


def test_a_network_that_cannot_be_opened_is_said(open_page: Open, run: Run) -> None:
    run.onnx_path.write_bytes(b"broken")
    app = open_page("predict")
    assert "classifier.onnx" in app.error[0].value
    assert not app.file_uploader


def test_both_pages_open_without_tensorflow(run: Run, home: Settings) -> None:
    script = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('ui/router.py', default_timeout=60).run()\n"
        "for page in ('predict', 'runs'):\n"
        "    app.switch_page(f'../pages/{page}.py')\n"
        "    app.query_params['chosen'] = sys.argv[1]\n"
        "    app.query_params['sample'] = 'squared'\n"
        "    app.run()\n"
        "    assert not app.exception and app.title[0].value == page.capitalize()\n"
        "print(*sorted({'tensorflow', 'keras', 'sklearn'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", script, run.fingerprint[:8]]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []
