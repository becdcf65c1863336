"""A gate fitted to a run's networks: once, when the training ends, or later for a run that has none.

Three sets of training images, none of which is in two of them, and the validation images each have their part. The
first says where codes lie; on the second, beside as many made images that are no digit, the evidence is weighed; on the
validation images the threshold is set. Half of each is changed as another hand, pen or camera would, and half of the
validation images come as the preparation of uploads leaves them: a gate that knows clean images only takes real uploads
for something else.

Some 3,500 images pass through the autoencoder: ten to fifteen seconds of one core. The same networks and data give the
same gate on the same machine. Refused with `GateError`: too few images.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from core.atomic import new_file
from core.data.dataset import Dataset
from core.data.scaling import to_inputs
from core.data.split import Split, split
from core.errors import GateError
from core.gate.evidence import BATCH, INK, OWN, Autoencoder, CodeSpace, Images, Numbers, evidence
from core.gate.gate import FALSE_ALARMS, Weighing, arrays_of
from core.gate.made import drawn, made_non_digits, varied
from core.inference import Network, open_network, open_outputs, probabilities_of
from core.insight.components import principal_components
from core.store import Run
from core.store.records import write_json
from core.store.run import AUTOENCODER_ONNX, GATE, GATE_FACTS, ONNX

IMAGES = 700
"""Images of each part, where there are as many, and twice as many to set the threshold on. With more than twice as many
of each, which took 45 seconds and not 15, things were told from digits no better (presets express and robust).
"""

FEWEST = 30
"""Images of each part without which there is nothing to fit to."""

COMPONENTS = 64
SHRINKAGE = 0.3
"""Share of the covariance of all classes in that of each: a class of few images has too little of its own."""
RIDGE = 0.01
HIDDEN_UNITS = 32
PENALTY = 15.0
"""On the network of `robust` 10 lets more clothes pass (28% in the mean of four fits, and 15% with 30), while 30 stops
more of the digits scanned at 16x16 pixels (7% of 533 that are read rightly, and 4.5% with 10).
"""
STEPS = 200
EXTREMES = 0.001
"""Share of digits in which a number may lie beyond its limit."""


@dataclass(frozen=True)
class GateFacts:
    """What a run keeps about its gate beside the numbers.

    false_alarms: share of digits that may be refused, as asked for. refused, refused_unchanged: shares that are, of all
    images that the threshold was set on, and of those that were left as they are. threshold_images: how many these are;
    threshold_from: which. fitted_images, made_images: digits and made non-digits that the rest was fitted to.
    """

    false_alarms: float
    refused: float
    refused_unchanged: float
    threshold_images: int
    threshold_from: str
    fitted_images: int
    made_images: int


def fit_gate(
    classifier: Network, autoencoder: Autoencoder, dataset: Dataset, split: Split, seed: int, images: int = IMAGES
) -> tuple[CodeSpace, Weighing, GateFacts]:
    """A gate for these networks. Raises GateError if there are too few images.

    images: most of each part, and half of the most that the threshold is set on.
    """
    random = np.random.default_rng([seed, 7])
    rows = random.permutation(split.train)
    validation = random.permutation(split.validation)[: 2 * images]
    n = min(images, len(rows) // (2 if len(validation) >= FEWEST else 3))
    if n < FEWEST:
        raise GateError(f"The gate needs at least {FEWEST} images for each of its parts; there are {n}.")
    last = validation if len(validation) >= FEWEST else rows[2 * n : 3 * n]

    def heard(shown: Images) -> Numbers:
        return evidence(shown, probabilities_of(classifier, shown), autoencoder, space)

    def digits(chosen: npt.NDArray[np.int64]) -> Images:
        labels = dataset.train_labels[chosen]
        return varied(dataset.train_images[chosen], labels, dataset.class_names, random)

    first, second = rows[:n], rows[n : 2 * n]
    # Products this small take longest where threads wait for each other, the more so beside a training.
    with threadpool_limits(limits=1, user_api="blas"):
        space = _code_space(autoencoder, digits(first), dataset.train_labels[first], dataset.n_classes, random)
    known = digits(second)
    shown = digits(last)
    half = len(shown) // 2
    evidence_of_digits = heard(known)
    unseen = heard(np.concatenate([shown[:half], drawn(shown[half:], random)]))
    others = heard(made_non_digits(known, len(known), random))
    with threadpool_limits(limits=1, user_api="blas"):
        weighed = _weigh(evidence_of_digits, others)
    weighing = _with_limits(weighed, np.concatenate([evidence_of_digits, unseen]))
    scores = weighing.scores(unseen)
    threshold = float(np.quantile(scores, 1 - FALSE_ALARMS))
    facts = GateFacts(
        false_alarms=FALSE_ALARMS,
        refused=float((scores > threshold).mean()),
        refused_unchanged=float((scores[:half:2] > threshold).mean()),
        threshold_images=len(scores),
        threshold_from="validation images" if last is validation else "training images",
        fitted_images=2 * n,
        made_images=len(known),
    )
    return space, replace(weighing, threshold=threshold), facts


def write_gate(folder: Path, dataset: Dataset, split: Split, seed: int) -> GateFacts:
    """Fit a gate to the ONNX files of a run's folder and keep it there: gate.npz and gate.json.

    Raises GateError if there are too few images, ValueError if a network cannot be opened.
    """
    classifier, autoencoder = open_network(folder / ONNX), open_outputs(folder / AUTOENCODER_ONNX)
    space, weighing, facts = fit_gate(classifier, autoencoder, dataset, split, seed)
    write_json(folder / GATE_FACTS, asdict(facts))
    with new_file(folder / GATE) as file:
        np.savez_compressed(file, **arrays_of(space, weighing))
    return facts


def add_gate(run: Run, dataset: Dataset) -> GateFacts:
    """Give a finished run the gate that it lacks, or a new one. dataset: the one that it was trained on.

    Raises GateError if the run's networks are not there as ONNX, cannot be opened, or there are too few images.
    """
    missing = [path.name for path in (run.onnx_path, run.autoencoder_onnx_path) if not path.is_file()]
    if missing:
        raise GateError(
            f"Run {run.name}: expected {' and '.join(missing)} in {run.path}, found none; the gate works with these. "
            "Train the run again to have them."
        )
    recipe = run.request.recipe
    try:
        parts = split(dataset.train_labels, recipe.validation_fraction, recipe.seed)
        return write_gate(run.path, dataset, parts, recipe.seed)
    except ValueError as error:
        raise GateError(f"Run {run.name}: {error}") from error


def _code_space(
    autoencoder: Autoencoder, images: Images, labels: npt.NDArray[np.int64], n_classes: int, random: np.random.Generator
) -> CodeSpace:
    starts = range(0, len(images), BATCH)
    codes = np.concatenate([autoencoder(to_inputs(images[start : start + BATCH]))["code"] for start in starts])
    mean = codes.mean(axis=0)
    k = min(COMPONENTS, len(codes) - 1, codes.shape[1])
    components, _ = principal_components(codes - mean, k, random)
    halved = components.astype(np.float16)  # as they are kept
    placed = (codes - mean) @ halved.astype(np.float32).T
    centres = np.stack([_mean(placed[labels == label], placed) for label in range(n_classes)])
    differences = placed - centres[labels]
    shared = differences.T @ differences / len(differences)
    ridge = RIDGE * np.trace(shared) / k * np.eye(k)
    roots = []
    for label in range(n_classes):
        own = differences[labels == label]
        covariance = (1 - SHRINKAGE) * own.T @ own / max(1, len(own)) + SHRINKAGE * shared + ridge
        roots.append(np.linalg.cholesky(np.linalg.inv(covariance)))
    return CodeSpace(mean, halved, centres, np.stack(roots).astype(np.float32))


def _mean(own: Numbers, everything: Numbers) -> Numbers:
    """The mean of a class; of a class without images that of all."""
    mean: Numbers = (own if len(own) else everything).mean(axis=0)
    return mean


def _weigh(digits: Numbers, others: Numbers) -> Weighing:
    """Trained by scikit-learn, in seconds, and kept as plain numbers."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    centre, spread = digits.mean(axis=0), digits.std(axis=0) + 1e-3
    none = np.empty(0, np.float32)
    untrained = Weighing(centre, spread, none, none, none, none, none, usual=0.0, threshold=0.0)
    network = MLPClassifier((HIDDEN_UNITS,), solver="lbfgs", alpha=PENALTY, max_iter=STEPS, random_state=0)
    with warnings.catch_warnings():
        # The number of steps is what keeps the weights from fitting every image.
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(untrained.scaled(np.concatenate([digits, others])), np.repeat((0, 1), (len(digits), len(others))))
    (hidden, out), (hidden_bias, _) = network.coefs_, network.intercepts_  # the last bias is the threshold's business
    return replace(
        untrained,
        hidden=hidden.astype(np.float32),
        hidden_bias=hidden_bias.astype(np.float32),
        out=out[:, 0].astype(np.float32),
    )


def _with_limits(weighing: Weighing, digits: Numbers) -> Weighing:
    """Limits that all but EXTREMES of the digits keep to; none says too little, but the ink."""
    own = digits[:, :OWN]
    least = np.full(OWN, -np.inf, np.float32)
    least[INK] = np.quantile(own[:, INK], EXTREMES)
    endless = np.full(OWN, np.inf, np.float32)
    unlimited = replace(weighing, least=-endless, most=endless)
    return replace(
        weighing,
        least=least,
        most=np.quantile(own, 1 - EXTREMES, axis=0).astype(np.float32),
        usual=float(np.median(unlimited.scores(digits))),
    )
