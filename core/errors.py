"""Every error that Digit Lab raises on purpose, as one tree.

Each message is a sentence for a person: what was expected, what was found and, where it helps, what to do.

    DigitLabError
    |-- RecipeError             a setting is unknown, of the wrong type or out of range (also a ValueError)
    |-- DataError               something about a dataset
    |   |-- IdxFormatError      a file is not the IDX file it should be
    |   |-- ChecksumError       a file's bytes are not the published ones
    |   |-- DownloadError       no mirror delivered a file
    |   |-- DatasetNotFoundError  no dataset of that name, or a file of it is missing
    |   `-- DatasetError        the files are readable but do not form a dataset the network can take
    |-- ImageError              a picture cannot be read or used
    |-- StoreError              something about the runs on disk
    |   |-- RunNotFoundError    no run, or more than one, answers to that name
    |   |-- RunDamagedError     a run's folder lacks a file or holds an unreadable one
    |   `-- RunLockedError      another process is writing the run
    |-- FeedbackError           answers about digits cannot be kept or read
    |-- ExportError             a model could not be converted, or the converted one gives other answers
    |-- GateError             a gate cannot be fitted
    |-- TrainingError           a training cannot go on, as its weights are no longer numbers
    |-- JobError                a background job cannot be started or changed
    `-- TrainingCancelled       somebody asked for a training to stop; its last checkpoint is kept
"""


class DigitLabError(Exception):
    """Base of all errors that carry a message for the person in front of the screen."""


class RecipeError(DigitLabError, ValueError):
    """A setting is unknown, of the wrong type or out of range."""


class DataError(DigitLabError):
    """Base of the errors about datasets."""


class IdxFormatError(DataError):
    """A file is not the IDX file it should be."""


class ChecksumError(DataError):
    """A file's decompressed bytes do not have the published SHA-256 digest."""


class DownloadError(DataError):
    """No mirror delivered a file."""


class DatasetNotFoundError(DataError):
    """There is no dataset of that name or in that folder."""


class DatasetError(DataError):
    """The files are readable but do not form a dataset that the network can take."""


class ImageError(DigitLabError):
    """A picture cannot be read or used."""


class StoreError(DigitLabError):
    """Base of the errors about runs on disk."""


class RunNotFoundError(StoreError):
    """No run, or more than one, answers to that name."""


class RunDamagedError(StoreError):
    """A run's folder lacks a file or holds an unreadable one."""


class RunLockedError(StoreError):
    """Another process is writing the run."""


class FeedbackError(DigitLabError):
    """Answers about digits cannot be kept or read."""


class ExportError(DigitLabError):
    """A model could not be converted, or the converted model gives other answers than the original."""


class GateError(DigitLabError):
    """A gate, which says whether an image is one of the classes, cannot be fitted."""


class TrainingError(DigitLabError):
    """A training cannot go on: its weights or its loss are no longer numbers."""


class JobError(DigitLabError):
    """A background job cannot be started or changed."""


class TrainingCancelled(DigitLabError):
    """A training was asked to stop; its last checkpoint is kept."""
