"""Insight: why a network answers as it does, from what a run keeps and its ONNX files; TensorFlow is never loaded.

    components     the codes' principal components, fitted at the end of a training
    neighbours     which training images lie nearest in code space
    code_map       codes in two dimensions: at once, or by t-SNE; what lies within an outline
    reconstructions  which images come back well and which not
    autoencoder    reconstructions and codes of any image
    occlusion      which parts of an image a probability rests on
    doubted        test labels that human annotators doubted

Refused, with a `ValueError`: arrays that do not fit each other. A run may lack the optional files that some of this
needs; then it is None.
"""

from core.insight.autoencoder import Autoencoder
from core.insight.code_map import MAP_SIDE, in_whole_numbers, inside, map_rows, pca_map, share_with_own, tsne_map
from core.insight.components import fit_codes, project
from core.insight.doubted import DoubtedLabel, doubted_labels
from core.insight.neighbours import Neighbours, nearest
from core.insight.occlusion import occlusion_map
from core.insight.reconstructions import ClassError, chosen_images, class_errors, share_below

__all__ = [
    "MAP_SIDE",
    "Autoencoder",
    "ClassError",
    "DoubtedLabel",
    "Neighbours",
    "chosen_images",
    "class_errors",
    "doubted_labels",
    "fit_codes",
    "in_whole_numbers",
    "inside",
    "map_rows",
    "nearest",
    "occlusion_map",
    "pca_map",
    "project",
    "share_below",
    "share_with_own",
    "tsne_map",
]
