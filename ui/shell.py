"""The frame around every page: title, navigation, sidebar. A page that is not there yet is left out."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ui import state

_FOLDER = Path(__file__).resolve().parent.parent / "pages"
_ICON = Path(__file__).resolve().parent / "icon.svg"


@dataclass(frozen=True)
class PageInfo:
    """One page. name: of its file and in the URL. help: one or two sentences, shown when the pointer rests on it."""

    name: str
    title: str
    icon: str
    help: str


PAGES: dict[str, tuple[PageInfo, ...]] = {
    "": (PageInfo("overview", "Overview", "home", "The chosen run beside the paper's result, and what to do next."),),
    "Data and networks": (
        PageInfo("data", "Data", "database", "The datasets at hand, their classes, and the upload of new ones."),
        PageInfo("autoencoder", "Autoencoder", "compress", "Its layers, its losses, its reconstructions, its codes."),
        PageInfo("classifier", "Classifier", "account_tree", "Its layers, and both phases of its training."),
    ),
    "Results": (
        PageInfo("evaluation", "Evaluation", "fact_check", "Scores, confusion matrix, calibration on the test images."),
        PageInfo("mistakes", "Mistakes", "image_search", "Every image that was read wrongly, and why."),
        PageInfo("sweeps", "Sweeps", "ssid_chart", "One setting through several values and seeds."),
        PageInfo("reproduction", "Reproduction", "balance", "The paper's figures and tables beside ours."),
        PageInfo("runs", "Runs", "history", "All runs: compare, name, star, delete, download."),
    ),
    "Use": (PageInfo("predict", "Predict", "draw", "Reads the digits in pictures that you upload, take or draw."),),
}


def show() -> None:
    """Draw the page that the URL names, with everything around it."""
    st.set_page_config("Digit Lab", str(_ICON), layout="wide")
    page = st.navigation(
        {
            group: found
            for group, infos in PAGES.items()
            if (found := [_page(info) for info in infos if _file(info).is_file()])
        }
    )
    state.keep(page.url_path)
    with st.sidebar:
        from ui import sidebar

        sidebar.show()
    page.run()


def link(name: str, label: str, **query: str | int) -> None:
    """A link to another page that keeps the chosen run, unless it names one; nothing if that page is not there yet."""
    info = next(info for infos in PAGES.values() for info in infos if info.name == name)
    if _file(info).is_file():
        run = st.query_params.get(state.RUN)
        parameters = ({state.RUN: run} if run else {}) | {key: str(value) for key, value in query.items()}
        st.page_link(_page(info), label=label, icon=f":material/{info.icon}:", query_params=parameters)


def _file(info: PageInfo) -> Path:
    return _FOLDER / f"{info.name}.py"


def _page(info: PageInfo) -> st.Page:
    return st.Page(
        _file(info),
        title=info.title,
        icon=f":material/{info.icon}:",
        url_path=info.name,
        default=info.name == "overview",
        help=info.help,
    )
