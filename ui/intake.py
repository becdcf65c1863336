"""The ways in: pictures from files, the clipboard, the camera, the canvas or the samples.

Which way is in the URL as `?way=`, and so are a drawing (`ui.canvas`) and a sample. Files stay in the memory of the
visit, also while another page is looked at; nothing is kept of them unless somebody answers what a digit is.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from streamlit.typing import UploadedFile

from core.errors import ImageError
from core.images import collection, drawing, samples
from core.images.decode import FORMATS, MAX_BYTES, decode
from core.images.preview import preview
from core.images.zipped import Zipped, is_zip
from core.wording import count, size
from ui import canvas, gallery, paste, state
from ui.gallery import Tile
from ui.markdown import plain
from ui.reading import Brief, Source

MOST = 500
"""Pictures that are read at once."""
WAYS = {
    "upload": ":material/upload: Upload",
    "draw": ":material/draw: Draw",
    "camera": ":material/photo_camera: Camera",
}
FIELD = "pictures"
SAMPLE = "sample"

_LARGEST = 60
"""Megabytes of a file: a zip may be larger than a picture."""
_IN_FIELD, _KEPT = "files in the field", "files kept"

_THUMBNAIL = (65, 104)
_ADVICE = {
    "of one": "Is it the right picture? If something is written on it, take it again, closer and in better light.",
    "stands out": "Press harder, use a darker pen, or take the picture again, closer and in even light.",
    "outline": "Press harder, use a darker pen, or take the picture again, closer and in focus.",
    "no strokes": "Write larger, or cut the picture down to what is written.",
    "": "Press harder, move closer, or cut the picture down to what is written.",
}
"""Words of the sentence on what was found instead of a digit -> what may help."""


@dataclass(frozen=True)
class Given:
    """What came in. sources: the pictures. problems: of files that hold none, a sentence each. notes: on the others."""

    sources: list[Source] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, files: Sequence[UploadedFile]) -> None:
        """Add what is in these files."""
        for file in files:
            try:
                self.sources.extend(_sources(file, self.notes.append))
            except ImageError as error:
                self.problems.append(str(error))


def way() -> str:
    """The way in that the URL names, and the control that changes it."""
    return state.segments("Way in", "way", WAYS, "upload", is_labelled=False, drops=["digit"])


def files() -> Given:
    """The field for files, and below it, as long as there is no picture, the samples."""
    uploaded = st.file_uploader(
        "Pictures with digits, or a zip of them",
        accept_multiple_files=True,
        key=FIELD,
        on_change=_note_files,
        max_upload_size=_LARGEST,
        help=f"{', '.join(FORMATS)}, of at most {size(MAX_BYTES)} each, or ZIP. Any paper, any pen, one digit or many. "
        "They stay in the memory of this visit; nothing is kept of them unless you answer what a digit is.",
    )
    paste.show(FIELD)
    kept, given = _kept(uploaded), Given()
    given.take(kept)
    if kept:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f":material/history: {count(len(given.sources), 'picture')} kept", width="content")
            st.button("Clear", type="tertiary", key="clear kept files", on_click=_clear)
    elif not uploaded:
        return _samples()
    state.put(**{SAMPLE: None})
    given.take(uploaded)
    for note in given.notes:
        st.caption(plain(note))
    if len(given.sources) > MOST:
        st.warning(f"At most {MOST} pictures are read at once; the last {len(given.sources) - MOST} are left out.")
        del given.sources[MOST:]
    return given


def _note_files() -> None:
    st.session_state[_IN_FIELD] = list(st.session_state[FIELD])


def _kept(uploaded: Sequence[UploadedFile]) -> list[UploadedFile]:
    """Files that were in the field before it was drawn anew, empty, as after a visit to another page."""
    lost = [] if uploaded else st.session_state.pop(_IN_FIELD, [])
    kept: list[UploadedFile] = [*st.session_state.get(_KEPT, []), *lost][:MOST]
    st.session_state[_KEPT] = kept
    return kept


def _clear() -> None:
    st.session_state[_KEPT] = []
    state.put(picture=None, digit=None)


def camera() -> Given:
    """A picture from the camera, once it is taken."""
    taken = st.camera_input("Hold what is written into the picture", key="camera", resolution="720p")
    st.caption(
        "The browser asks whether the page may see the camera. A picture is sent when you take one, not before. "
        "On a telephone, the field under Upload opens its own camera, which sees more."
    )
    return Given([Source.of_file("The photo", taken.getvalue())] if taken else [])


def drawn() -> Given:
    """What is on the canvas; the canvas itself is shown together with the answer."""
    text = canvas.drawn()
    if drawing.parse(st.query_params.get(canvas.PARAMETER, "")) is None:
        st.warning("This link holds no drawing that can be read, so that the sheet is empty.")
    strokes = drawing.parse(text)
    if not strokes:
        return Given()
    key = hashlib.sha256(f"drawing {text}".encode()).hexdigest()
    return Given([Source("Your drawing", key, lambda: drawing.picture_of(strokes))])


def _samples() -> Given:
    names = [sample.name for sample in samples.SAMPLES]
    chosen = st.query_params.get(SAMPLE)
    position = names.index(chosen) if chosen in names else None
    if chosen is not None and position is None:
        st.warning(f"This link shows the sample {chosen!r}, which there is not; choose one of these.")
    st.markdown("**No picture at hand? Try one of these**")
    opened = gallery.show(
        _thumbnails(),
        [Tile(f"Read the sample: {sample.title}", sample.title) for sample in samples.SAMPLES],
        key="samples",
        label="Samples to try",
        size=_THUMBNAIL[1],
        selected=position,
        pixels=False,
    )
    if opened is not None:
        state.put(sample=names[opened], digit=None)
        st.rerun()
    if position is None:
        return Given()
    sample = samples.SAMPLES[position]
    return Given([Source(f"{sample.title}, a sample", f"sample {sample.name}", sample.picture, is_own=False)])


def _sources(file: UploadedFile, say: collection.Say) -> list[Source]:
    """The pictures of one file: itself, or those in it. Raises ImageError if it is a zip that holds none.

    say: as of `collection.pictures`.
    """
    digest = _digest(file.file_id, file)
    file.seek(0)
    if not is_zip(file.read(4)):
        return [Source(file.name, digest, lambda: decode(file.getvalue(), file.name))]
    zipped = Zipped(file.getvalue(), file.name)
    paths = collection.names_in(zipped, file.name, say)
    return [Source(path, f"{digest} {path}", _inside(zipped, path)) for path in paths]


def _inside(zipped: Zipped, path: str) -> Callable[[], samples.Picture]:
    return lambda: decode(zipped.read(path), path)


@st.cache_resource(show_spinner=False, max_entries=4096)
def _digest(file_id: str, _file: UploadedFile) -> str:
    return hashlib.sha256(_file.getbuffer()).hexdigest()


@st.cache_resource(show_spinner=False)
def _thumbnails() -> np.ndarray:
    height, width = _THUMBNAIL
    # Twice as many pixels as on the screen, for screens that are finer.
    return np.stack([preview(sample.picture(), 2 * width)[: 2 * height, : 2 * width] for sample in samples.SAMPLES])


def empty(chosen: str) -> None:
    """Where the answer will be, before there is a picture."""
    what = {
        "upload": "Drop a photo, a scan or a screenshot with handwritten digits, paste one, or try a sample.",
        "draw": "Write one digit or several on the sheet. They are read after each stroke.",
        "camera": "Hold a note with digits before the camera and take a picture.",
    }[chosen]
    with st.container(border=True, gap="small"):
        st.subheader("Nothing to read yet", anchor=False)
        st.markdown(what)
        st.caption(
            "The number will stand here, then your picture with a box for each digit. Below it: how sure the network "
            "is, what it saw step by step, what it rests on, and which training images are like it."
        )


def advice(problem: str) -> str:
    """What to do about a picture with nothing on it, by the sentence that says what was found instead."""
    return next(words for found, words in _ADVICE.items() if found in problem)


def problems(refused: Sequence[str], found: Sequence[Brief]) -> None:
    """Why nothing was read in some of the pictures. refused: sentences about files in which there are none."""
    failed = [one for one in found if one.problem]
    if len(failed) == len(found) == 1 and not refused and failed[0].is_blank:
        st.info(
            f"{plain(failed[0].problem)}  \n{advice(failed[0].problem)}",
            icon=":material/search_off:",
            title="There is nothing to read on it",
        )
        return
    sentences = [*refused, *(one.problem for one in failed)]
    if sentences:
        n_given = len(found) + len(refused)
        many = f"{count(len(sentences), 'file')} of {n_given} could not be read"
        shown = "  \n".join(plain(sentence) for sentence in sentences[:20])
        more = f"  \nAnd {len(sentences) - 20} more." if len(sentences) > 20 else ""
        st.error(shown + more, icon=":material/error:", title=many if n_given > 1 else "It could not be read")
