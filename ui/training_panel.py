"""The form that starts a training: dataset, preset, every other setting, the price, the button.

Drawn as a fragment, so that filling it in does not draw the page again. What stands in it stays through all pages.
"""

from typing import Any

import streamlit as st

from core.data import sources
from core.data.dataset import Dataset
from core.errors import DigitLabError
from core.presets import PRESETS
from core.recipe import Recipe
from core.recipe.setting import format_value
from core.store import RunRequest
from ui import loading, state, training, training_form
from ui.training_form import Field, Kind


def show() -> None:
    """Draw the form."""
    st.subheader("Train", anchor=False)
    _form()


@st.fragment
def _form() -> None:
    dataset = _dataset()
    preset = st.pills(
        "Preset",
        list(PRESETS),
        default=training.FIRST_PRESET,
        required=True,
        key="form preset",
        format_func=str.capitalize,
        persist_state="session",
    )
    preset = preset if preset in PRESETS else training.FIRST_PRESET
    base = training.preset_recipe(preset, dataset)
    st.caption(PRESETS[preset].purpose)
    refusal = st.container()  # above the fields, so that it is seen while they are filled in
    values = _settings(base, preset)
    if dataset is None:
        return
    try:
        recipe = training_form.read(base, values)
        request = RunRequest.of(recipe, dataset, preset if recipe == base else None)
        price = training.price(recipe, request.dataset)
        finished = loading.run(request.fingerprint)
    except DigitLabError as error:
        refusal.error(str(error), icon=":material/rule:")
        return
    job = None if finished else loading.jobs().watch(request.fingerprint)
    if finished is not None:
        st.success("An identical run is in the cache already.", icon=":material/bolt:")
        _show_button(request.fingerprint)
    elif job is not None and not job.can_resume:
        st.info("This run is in the making already.", icon=":material/group:")
        _show_button(request.fingerprint)
    else:
        st.caption(f":material/timer: {price}.")
        label = "Resume training" if job is not None else "Train"
        if st.button(label, icon=":material/play_arrow:", type="primary", width="stretch", key="train"):
            training.start(request)
            st.rerun()


def _dataset() -> Dataset | None:
    infos = loading.datasets()
    names = [info.name for info in infos]
    default = names.index(sources.default_name(loading.settings().data))
    name = st.selectbox("Dataset", names, index=default, key="form dataset", persist_state="session")
    info = next((info for info in infos if info.name == name), infos[default])
    if info.problem is not None:
        st.error(info.problem, icon=":material/database_off:")
        return None
    if not info.is_present:
        st.caption("Not on this machine yet.")
        if st.button("Download (11 MB)", icon=":material/download:", width="stretch", key="download dataset"):
            _download(info.name)
        return None
    try:
        return loading.dataset(info.name)
    except DigitLabError as error:
        st.error(str(error), icon=":material/database_off:")
        return None


def _download(name: str) -> None:
    bar = st.progress(0.0, text="Looking for a mirror")

    def show(file: str, done: int, total: int | None) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, text=file)

    try:
        sources.load(name, home=loading.settings().data, progress=show)
    except DigitLabError as error:
        bar.empty()
        st.error(str(error), icon=":material/cloud_off:")
        return
    st.rerun()


def _settings(base: Recipe, preset: str) -> dict[str, Any]:
    """The fields of one section at a time; returns what stands in the fields of all of them."""
    sections = training_form.fields(base)
    values = {
        field.name: st.session_state.get(_key(preset, field), field.value)
        for part in sections.values()
        for field in part
    }
    changed = training_form.changed_names(base, values)
    with st.expander(f"More settings ({len(changed)} changed)" if changed else "More settings", key="form more"):
        title = st.selectbox("Part", list(sections), key="form part", persist_state="session")
        for field in sections.get(title or "", ()):
            values[field.name] = _draw(field, preset)
    changed = training_form.changed_names(base, values)
    if changed:
        words = [f"{training_form.full_label_of(name)} **{format_value(values[name])}**" for name in changed]
        st.caption("Changed: " + ", ".join(words))
        st.button("Back to the preset", icon=":material/undo:", type="tertiary", on_click=_forget, args=(preset,))
    return values


def _draw(field: Field, preset: str) -> Any:
    key = _key(preset, field)
    match field.kind:
        case Kind.CHOICE:
            index = field.options.index(field.value)
            return st.selectbox(
                field.label, field.options, index=index, key=key, help=field.help, persist_state="session"
            )
        case Kind.TEXT:
            return st.text_input(field.label, field.value, key=key, help=field.help, persist_state="session")
        case Kind.WHOLE:
            return st.number_input(
                field.label,
                value=field.value,
                step=1,
                key=key,
                help=field.help,
                placeholder="none" if field.optional else None,
                persist_state="session",
            )
    return st.number_input(
        field.label,
        value=float(field.value),
        step=_step(float(field.value)),
        format="%g",
        key=key,
        help=field.help,
        persist_state="session",
    )


def _step(value: float) -> float:
    """A step of the buttons beside a number that suits its size."""
    return 10.0 ** len(str(int(abs(value)))) / 10 if abs(value) >= 1 else 0.0001 if 0 < abs(value) < 0.01 else 0.05


def _show_button(fingerprint: str) -> None:
    if st.button("Show it", icon=":material/visibility:", width="stretch", key="show identical"):
        state.choose(fingerprint)
        st.rerun()


def _forget(preset: str) -> None:
    for key in [key for key in st.session_state if str(key).startswith(_key(preset, None))]:
        del st.session_state[key]


def _key(preset: str, field: Field | None) -> str:
    # A preset brings its own values, some for the size of the dataset: a field is another one where they differ.
    return f"form setting {preset} {f'{field.name} {field.value}' if field else ''}"
