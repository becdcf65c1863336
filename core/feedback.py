"""Feedback: what people said that digits are, kept with the images: to count how often it was right, and to train.

    <home>/feedback/<size>-<classes>/     one folder for each kind of image and set of classes
        answers.csv                       one row an answer: what it is, what was read, by which run, when
        images-idx3-ubyte                 the images that the network saw, in the order of the rows
        labels-idx1-ubyte                 what they are, as numbers
        class_names.txt                   the names of the numbers

The table decides what there is; each row names its image by the digest of its pixels. A table without the column
`is_digit`, as the first ones were, is of digits only. Images are written before the rows that name them, and removed
after them, so that a process that is killed in between leaves at most an image that no row names. Several processes may
write at once: they wait for each other.
Refused with `FeedbackError`: a folder that cannot be written, and one whose files make no sense, which is then left as
it is.
"""

import contextlib
import csv
import fcntl
import hashlib
import io
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core import atomic
from core.data import class_names as names_file
from core.data import idx
from core.data.dataset import Dataset, from_arrays
from core.errors import DatasetError, FeedbackError, IdxFormatError

TABLE, IMAGES, LABELS = "answers.csv", "images-idx3-ubyte", "labels-idx1-ubyte"
COLUMNS = ("image", "label", "read_as", "confidence", "picture", "run", "answered", "is_digit")

_LOCK = ".lock"
_KEY_LENGTH = 32
_TRUTH = {"true": True, "false": False}

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Answer:
    """What somebody said of one digit.

    image: (h, w) uint8, what the network saw. label: the class that it is; read_as: the class that was read; both in
    [0, n_classes). confidence: of what was read, in [0, 1]. picture: the name of the picture it was on. run: the
    fingerprint of the run that read it. answered: when, in UTC. is_digit: whether it had been taken for one of the
    classes at all.
    """

    image: Image
    label: int
    read_as: int
    confidence: float
    picture: str
    run: str
    answered: datetime
    is_digit: bool = True

    @cached_property
    def key(self) -> str:
        """Tells the image from others: equal pixels have equal keys."""
        return key_of(self.image)

    @property
    def was_right(self) -> bool:
        """Whether it had been read rightly: what was taken for no digit is missing from what was read."""
        return self.is_digit and self.label == self.read_as


def key_of(image: Image) -> str:
    """The digest of an image (h, w) uint8 by which an answer about it is found."""
    return hashlib.sha256(np.ascontiguousarray(image).tobytes()).hexdigest()[:_KEY_LENGTH]


class Feedback:
    """The answers about images of one size and one set of classes. Nothing is written before the first answer."""

    def __init__(self, home: Path, image_shape: tuple[int, int], class_names: Sequence[str]) -> None:
        """home: the folder of all feedback. image_shape: (h, w) in pixels. class_names: in the order of the labels."""
        self.image_shape = image_shape
        self.class_names = tuple(class_names)
        digest = hashlib.sha256("\n".join(self.class_names).encode()).hexdigest()[:8]
        self.path = home / f"{image_shape[0]}x{image_shape[1]}-{digest}"

    def answers(self) -> tuple[Answer, ...]:
        """All answers, the oldest first. Raises FeedbackError if the files make no sense."""
        if not (self.path / TABLE).is_file():
            return ()
        with self._locked(shared=True):
            return self._read()

    def put(self, *answers: Answer) -> None:
        """Keep answers; one about an image that has one already takes its place.

        Raises FeedbackError if the folder cannot be written or holds what makes no sense, ValueError for images of
        another size and labels that name no class.
        """
        for answer in answers:
            self._require_fit(answer)
        with self._locked():
            kept = {answer.key: answer for answer in self._read()}
            for answer in answers:
                kept.pop(answer.key, None)
                kept[answer.key] = answer
            self._write_images(tuple(kept.values()))
            self._write_table(tuple(kept.values()))

    def remove(self, keys: Collection[str]) -> tuple[Answer, ...]:
        """Take the answers about these images away; returns them, so that `put` can bring them back.

        Raises FeedbackError as `put` does.
        """
        if not (self.path / TABLE).is_file():
            return ()
        with self._locked():
            kept: list[Answer] = []
            taken: list[Answer] = []
            for answer in self._read():
                (taken if answer.key in keys else kept).append(answer)
            if taken:
                self._write_table(tuple(kept))
                self._write_images(tuple(kept))
        return tuple(taken)

    def stamp(self) -> int:
        """Changes whenever an answer does; 0 while there is none."""
        try:
            return (self.path / TABLE).stat().st_mtime_ns
        except OSError:
            return 0

    def packed(self) -> bytes:
        """Everything as a zip file. Raises FeedbackError if the files make no sense."""
        file = io.BytesIO()
        if not (self.path / TABLE).is_file():
            return _empty_zip(file)
        with self._locked(shared=True), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            self._read()
            for name in (TABLE, IMAGES, LABELS, names_file.FILE_NAME):
                archive.write(self.path / name, name)
        return file.getvalue()

    def _require_fit(self, answer: Answer) -> None:
        if answer.image.shape != self.image_shape or answer.image.dtype != np.uint8:
            raise ValueError(
                f"image: expected the shape {self.image_shape} and the type uint8, found {answer.image.shape} and "
                f"{answer.image.dtype}."
            )
        for name, label in (("label", answer.label), ("read_as", answer.read_as)):
            if not 0 <= label < len(self.class_names):
                raise ValueError(f"{name}: expected 0 to {len(self.class_names) - 1}, got {label}.")

    def _read(self) -> tuple[Answer, ...]:
        try:
            with (self.path / TABLE).open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            images = idx.read(self.path / IMAGES)
        except FileNotFoundError as error:
            if error.filename == str(self.path / TABLE):  # nothing was answered yet
                return ()
            raise self._damaged(error) from error
        except (OSError, UnicodeDecodeError, csv.Error, IdxFormatError) as error:
            raise self._damaged(error) from error
        if images.shape[1:] != self.image_shape or images.dtype != np.uint8:
            raise self._damaged(f"images of the shape {images.shape[1:]} and the type {images.dtype}")
        by_key = {key_of(image): image for image in images}
        numbers = {name: number for number, name in enumerate(self.class_names)}
        try:
            return tuple(
                Answer(
                    image=by_key[row["image"]],
                    label=numbers[row["label"]],
                    read_as=numbers[row["read_as"]],
                    confidence=float(row["confidence"]),
                    picture=row["picture"],
                    run=row["run"],
                    answered=datetime.fromisoformat(row["answered"]),
                    is_digit=_TRUTH[row.get("is_digit", "true")],
                )
                for row in rows
            )
        except (KeyError, ValueError, TypeError) as error:
            raise self._damaged(f"a row of {TABLE} that makes no sense ({error})") from error

    def _write_table(self, answers: Sequence[Answer]) -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in answers:
            label, read_as = self.class_names[one.label], self.class_names[one.read_as]
            row = [one.key, label, read_as, f"{one.confidence:.6f}", one.picture, one.run, one.answered.isoformat()]
            writer.writerow([*row, str(one.is_digit).lower()])
        with self._writing(), atomic.new_file(self.path / TABLE) as file:
            file.write(text.getvalue().encode("utf-8", "replace"))

    def _write_images(self, answers: Sequence[Answer]) -> None:
        images = np.zeros((len(answers), *self.image_shape), np.uint8)
        for row, answer in zip(images, answers, strict=True):
            row[:] = answer.image
        with self._writing():
            idx.write(self.path / IMAGES, images)
            idx.write(self.path / LABELS, np.array([answer.label for answer in answers], np.uint8))
            if not (self.path / names_file.FILE_NAME).is_file():
                names_file.write(self.path / names_file.FILE_NAME, self.class_names)

    @contextlib.contextmanager
    def _locked(self, *, shared: bool = False) -> Iterator[None]:
        with self._writing():
            if not shared:
                self.path.mkdir(parents=True, exist_ok=True)
                atomic.sweep(self.path)
        with contextlib.ExitStack() as stack:
            # Where nobody can write, or the file system has no locks, it is read without: files appear whole.
            with contextlib.suppress(OSError):
                lock = stack.enter_context((self.path / _LOCK).open("ab"))
                fcntl.flock(lock, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FeedbackError(
                f"{error.filename or self.path}: expected a folder that can be written, found: {error.strerror}."
            ) from error

    def _damaged(self, found: object) -> FeedbackError:
        return FeedbackError(
            f"{self.path}: expected answers and their images, found {found}; restore the file, or move the folder "
            "elsewhere to begin anew. Nothing in it was changed."
        )


def added_to(base: Dataset, answers: Sequence[Answer], class_names: Sequence[str], name: str) -> Dataset:
    """A dataset with the answered digits after the training images of another; its test images stay as they are.

    class_names: those that the answers mean. Raises DatasetError if there is no answer, or images or classes are others
    than the dataset's.
    """
    if not answers:
        raise DatasetError(f"{name}: expected at least one answered digit, found none; confirm or correct some first.")
    if answers[0].image.shape != base.image_shape:
        raise DatasetError(
            f"{name}: expected images of {base.image_shape[0]}x{base.image_shape[1]} pixels, as in {base.name}, found "
            f"{answers[0].image.shape[0]}x{answers[0].image.shape[1]}; choose a dataset of that size."
        )
    if tuple(class_names) != base.class_names:
        raise DatasetError(
            f"{name}: expected the classes of {base.name} ({', '.join(base.class_names[:12])}), found others "
            f"({', '.join(class_names[:12])}); choose a dataset of these classes."
        )
    return from_arrays(
        name,
        np.concatenate([base.train_images, np.stack([answer.image for answer in answers])]),
        np.concatenate([base.train_labels, [answer.label for answer in answers]]),
        base.test_images,
        base.test_labels,
        class_names=base.class_names,
        source=f"{base.name} and {len(answers)} answered digits",
    )


def now() -> datetime:
    """The time of an answer that is given now."""
    return datetime.now(UTC).replace(microsecond=0)


def _empty_zip(file: io.BytesIO) -> bytes:
    with zipfile.ZipFile(file, "w"):
        pass
    return file.getvalue()
