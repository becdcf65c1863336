"""The parts of the data page: which dataset, its size and balance, its classes, and images of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.data import mnist, sources, statistics
from core.data.dataset import Dataset
from core.data.sources import DatasetInfo
from core.errors import DataError, DigitLabError
from core.figures import class_counts
from core.store import Run
from core.wording import count
from ui import figure, gallery, loading, mnist_download, shell, state
from ui.gallery import Tile
from ui.markdown import plain

PER_PAGE = 84
_PARTS = {"train": "Training", "test": "Test"}
_ORDERS = {"file": "As in the file", "typical": "Most typical first", "unusual": "Most unusual first"}
_ALL = -1


@dataclass(frozen=True, eq=False)
class Facts:
    """What is counted once for a dataset: images of each class, and the mean training image of each."""

    train_counts: npt.NDArray[np.int64]
    test_counts: npt.NDArray[np.int64]
    means: npt.NDArray[np.uint8]


def chosen() -> Dataset | None:
    """The dataset that the URL names, else the shown run's, else the default; None, with the reason, if unusable."""
    infos = {info.name: info for info in loading.datasets()}
    named = st.query_params.get("dataset")
    if named is not None and named not in infos:
        st.warning(f"This link shows the dataset {named!r}, but there is none of that name here.")
    name = named if named in infos else _default(infos)
    state.put(dataset=name)
    st.selectbox(
        "Dataset",
        list(infos),
        **state.widget("dataset", name, drops=["class", "part", "order", "page", "image"]),
        width=360,
    )
    info = infos[name]
    if not info.is_present and info.problem is None:
        with st.container(border=True, gap="medium"):
            st.subheader("MNIST is not on this machine yet", anchor=False)
            st.markdown(
                "The 60,000 training and 10,000 test images of the paper. Once they are here you will see their "
                "classes, their means and every image."
            )
            mnist_download.show("page")
        return None
    try:
        if info.problem is not None:
            raise DataError(info.problem)
        with st.spinner("Reading the images"):
            return loading.dataset(name)
    except DataError as error:
        st.error(str(error), icon=":material/database_off:", title="This dataset cannot be used")
        return None


def figures(dataset: Dataset) -> None:
    """Its size in four figures, and where it came from."""
    facts = _facts(dataset.digest, dataset)
    smallest, largest = int(facts.train_counts.min()), int(facts.train_counts.max())
    with st.grid(4, min_column_width=150):
        st.metric("Training images", f"{len(dataset.train_labels):,}", border=True)
        st.metric("Test images", f"{len(dataset.test_labels):,}", border=True)
        st.metric("Classes", dataset.n_classes, border=True)
        st.metric(
            "Imbalance",
            f"{largest / smallest:.2f}",
            border=True,
            help="Training images of the largest class for each one of the smallest; 1 is perfectly balanced.",
        )
    height, width = dataset.image_shape
    n_runs = sum(run.request.dataset.digest == dataset.digest for run in loading.runs())
    source = dataset.source[:1].upper() + dataset.source[1:]
    st.caption(
        f"{source}. Images of {height} × {width} pixels, grey levels from 0 to 255. "
        f"{count(n_runs, 'run') if n_runs else 'No run'} trained on it. `{dataset.digest[:16]}`"
    )


def classes(dataset: Dataset) -> None:
    """How many images each class has, beside the mean image of each, which opens the class's images."""
    facts = _facts(dataset.digest, dataset)
    left, right = st.columns(2, gap="large")
    with left:
        counts = {"Training": facts.train_counts.tolist(), "Test": facts.test_counts.tolist()}
        figure.chart(class_counts(counts, dataset.class_names), file_name=f"{dataset.name}-classes.csv", key="classes")
        if empty := [name for name, n in zip(dataset.class_names, facts.test_counts, strict=True) if not n]:
            st.caption(f":material/warning: Without a test image: {plain(', '.join(empty))}.")
    with right:
        st.markdown("**Mean training image of each class**")
        opened = gallery.show(
            facts.means,
            [Tile(f"Mean of class {name}; opens its images", _short(name)) for name in dataset.class_names],
            key="class means",
            label="Mean image of each class",
            size=80,
            selected=_label(dataset) if _label(dataset) != _ALL else None,
        )
        st.caption("The sharper a mean, the more alike its images. Press one to see the images of its class below.")
    if opened is not None:
        state.put(page=None, image=None, **{"class": opened})
        st.rerun()


def examples(dataset: Dataset) -> None:
    """Images of one class or of all, in the file's order or by how far they are from their class's mean."""
    label = _label(dataset)
    order = state.choice("order", list(_ORDERS), "file")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Class",
            [_ALL, *range(dataset.n_classes)],
            format_func=lambda one: "All classes" if one == _ALL else dataset.class_names[one],
            width=180,
            **state.widget("class", label, _ALL, drops=["page", "image"]),
        )
        st.selectbox(
            "Order",
            list(_ORDERS),
            format_func=lambda one: _ORDERS[one],
            width=220,
            help="Typical images are near the mean image of their class; unusual ones are far from it, and the first "
            "place to look for wrong labels.",
            **state.widget("order", order, "file", drops=["page", "image"]),
        )
        part = state.segments("Part", "part", _PARTS, "train", drops=["page", "image"])
    positions = _positions(dataset.digest, dataset, part, label, order)
    if not len(positions):
        st.caption(f"There is no such image in the {_PARTS[part].lower()} part.")
        return
    _opened(dataset, part)
    n_pages = -(-len(positions) // PER_PAGE)
    page = state.number("page", 1, 1, n_pages)
    first = PER_PAGE * (page - 1)
    shown = positions[first : first + PER_PAGE]
    opened = _grid(dataset, part, shown, with_names=label == _ALL)
    with st.container(horizontal=True, vertical_alignment="center"):
        if n_pages > 1:
            st.pagination(n_pages, **state.widget("page", page, 1))
        st.caption(f"{first + 1:,} to {first + len(shown):,} of {count(len(positions), 'image')}", width="content")
    if opened is not None:
        state.put(image=int(shown[opened]))
        st.rerun()


def listing() -> None:
    """All datasets with where they are, and what is wrong with those that cannot be used."""
    infos = loading.datasets()
    st.dataframe(
        {
            "Name": [info.name for info in infos],
            "State": [_state_of(info) for info in infos],
            "Training images": [info.n_train for info in infos],
            "Test images": [info.n_test for info in infos],
            "Size": [" × ".join(map(str, info.image_shape)) if info.image_shape else "–" for info in infos],
            "Where": [info.where for info in infos],
        },
        hide_index=True,
        column_config={
            "Training images": st.column_config.NumberColumn(format="localized"),
            "Test images": st.column_config.NumberColumn(format="localized"),
        },
        placeholder="–",
        alt="All datasets with their state, their sizes and where they are",
    )
    for info in infos:
        if info.problem is not None:
            st.error(info.problem, icon=":material/database_off:", title=f"{info.name} cannot be used")
    lacks_mnist = any(info.name == mnist.NAME and not info.is_present for info in infos)
    if lacks_mnist and st.query_params.get("dataset") != mnist.NAME:
        mnist_download.show("list")


def _default(infos: dict[str, DatasetInfo]) -> str:
    try:
        run = state.chosen()
    except DigitLabError:
        run = None
    name = run.request.dataset.name if run is not None else ""
    return name if name in infos and infos[name].is_present else sources.default_name(loading.settings().data)


def _label(dataset: Dataset) -> int:
    return state.number("class", _ALL, 0, dataset.n_classes - 1)


def _part(dataset: Dataset, part: str) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    if part == "train":
        return dataset.train_images, dataset.train_labels
    return dataset.test_images, dataset.test_labels


def _grid(dataset: Dataset, part: str, positions: npt.NDArray[np.int64], *, with_names: bool) -> int | None:
    images, labels = _part(dataset, part)
    names = [dataset.class_names[label] for label in labels[positions]]
    tiles = [
        Tile(f"{_PARTS[part]} image {position:,}: {name}", _short(name) if with_names else "")
        for position, name in zip(positions.tolist(), names, strict=True)
    ]
    number = state.number("image", -1, 0, len(images) - 1)
    selected = int(np.flatnonzero(positions == number)[0]) if number in positions else None
    return gallery.show(
        images[positions], tiles, key="examples", label="Images of the dataset", size=56, selected=selected
    )


def _opened(dataset: Dataset, part: str) -> None:
    """The image that the URL names, large, beside the mean of its class."""
    images, labels = _part(dataset, part)
    position = state.number("image", -1, 0, len(images) - 1)
    if position < 0:
        return
    label = int(labels[position])
    name, mean = dataset.class_names[label], _facts(dataset.digest, dataset).means[label]
    distances = _distances(dataset.digest, dataset, part)
    rank = int((distances[labels == label] > distances[position]).sum()) + 1
    with st.container(border=True), st.container(horizontal=True, gap="small"):
        st.image(images[position], width=140, caption="The image", alt=f"{_PARTS[part]} image {position:,}: {name}")
        st.image(mean, width=140, caption="The mean", alt=f"Mean of class {name}")
        with st.container(width=300, gap="small"):
            st.markdown(f"**{_PARTS[part]} image {position:,}, labelled {plain(name)}**")
            st.markdown(
                f"It differs from the mean {plain(name)} by {distances[position]:.0f} levels of grey (root mean "
                f"square), which makes it number {rank:,} of {int((labels == label).sum()):,} by unusualness."
            )
            run = state.default_run() if part == "test" else None
            if isinstance(run, Run) and run.request.dataset.digest == dataset.digest:
                shell.link("mistakes", "How the run reads it", image=position)
            st.button("Close", icon=":material/close:", on_click=lambda: state.put(image=None), key="close example")


def _short(name: str) -> str:
    return name if len(name) <= 12 else name[:11] + "…"


def _state_of(info: DatasetInfo) -> str:
    if info.problem is not None:
        return "Problem"
    return "Ready" if info.is_present else "To be downloaded"


@st.cache_resource(show_spinner=False, max_entries=8)
def _facts(digest: str, _dataset: Dataset) -> Facts:
    n_classes = _dataset.n_classes
    return Facts(
        statistics.class_counts(_dataset.train_labels, n_classes),
        statistics.class_counts(_dataset.test_labels, n_classes),
        statistics.mean_images(_dataset.train_images, _dataset.train_labels, n_classes),
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def _distances(digest: str, _dataset: Dataset, part: str) -> npt.NDArray[np.float32]:
    return statistics.distances(*_part(_dataset, part), _facts(digest, _dataset).means)


@st.cache_resource(show_spinner=False, max_entries=64)
def _positions(digest: str, _dataset: Dataset, part: str, label: int, order: str) -> npt.NDArray[np.int64]:
    _, labels = _part(_dataset, part)
    rows = np.arange(len(labels)) if label == _ALL else np.flatnonzero(labels == label)
    if order == "file":
        return rows
    distances = _distances(digest, _dataset, part)[rows]
    return rows[np.argsort(distances if order == "typical" else -distances, kind="stable")]
