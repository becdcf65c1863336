"""Figures: plain values become Plotly figures with a title, words for those who cannot see them, and a table.

    chart         what all share: the look, and `Chart`
    curves        loss and accuracy, epoch by epoch (figures 4, 7 and 8 of the paper), also of a training on its way
    sweeps        loss, accuracy and time over the values of a setting (figures 10 to 15)
    confusion     the confusion matrix, whose cells can be clicked
    confidence    calibration, and accuracy when unsure images go to a person
    classes       images of each class
    image         probabilities of one image, and the parts they rest on
    layers        how far each layer moved in each phase

They draw what they are given and compute no result of their own.
"""

from core.figures.chart import ACCENT, Chart
from core.figures.classes import class_counts
from core.figures.confidence import calibration, coverage
from core.figures.confusion import confusion_matrix
from core.figures.curves import autoencoder_loss, classifier_accuracy, classifier_loss, overlaid
from core.figures.image import occlusion, probabilities
from core.figures.layers import largest_changes
from core.figures.sweeps import axis_words, sweep_accuracy, sweep_loss, sweep_seconds, value_words

__all__ = [
    "ACCENT",
    "Chart",
    "autoencoder_loss",
    "axis_words",
    "calibration",
    "class_counts",
    "classifier_accuracy",
    "classifier_loss",
    "confusion_matrix",
    "coverage",
    "largest_changes",
    "occlusion",
    "overlaid",
    "probabilities",
    "sweep_accuracy",
    "sweep_loss",
    "sweep_seconds",
    "value_words",
]
