"""Stand-ins for a run's networks, made of plain arrays in no time, on the digits that come with the installation."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest

from core.data import embedded
from core.data.dataset import Dataset
from core.data.scaling import to_inputs
from core.data.split import Split, split
from core.gate.evidence import CodeSpace
from core.gate.fitting import GateFacts, fit_gate
from core.gate.gate import NetworkGate, Weighing


@dataclass(frozen=True)
class StandIn:
    """Nearest class mean for the classifier, coarse pixels for the autoencoder's code."""

    dataset: Dataset
    parts: Split

    @cached_property
    def means(self) -> np.ndarray:
        images, labels = (part[self.parts.train] for part in (self.dataset.train_images, self.dataset.train_labels))
        inputs = to_inputs(images).reshape(len(images), -1)
        return np.stack([inputs[labels == label].mean(axis=0) for label in range(10)])

    def classifier(self, inputs: np.ndarray) -> np.ndarray:
        distances = np.linalg.norm(inputs.reshape(len(inputs), 1, -1) - self.means, axis=2)
        odds = np.exp(-4 * (distances - distances.min(axis=1, keepdims=True)))
        return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)

    def autoencoder(self, inputs: np.ndarray) -> dict[str, np.ndarray]:
        code = inputs.reshape(len(inputs), 14, 2, 14, 2).mean(axis=(2, 4))
        drawn = code.repeat(2, axis=1).repeat(2, axis=2)[..., np.newaxis]
        return {"code": code.reshape(len(inputs), -1), "reconstruction": drawn}

    def answers(self, images: np.ndarray) -> np.ndarray:
        return self.classifier(to_inputs(images))


@dataclass(frozen=True)
class Fitted:
    space: CodeSpace
    weighing: Weighing
    facts: GateFacts
    gate: NetworkGate


@pytest.fixture(scope="session")
def stand_in() -> StandIn:
    dataset = embedded.load()
    return StandIn(dataset, split(dataset.train_labels, 0.25, 0))


@pytest.fixture(scope="session")
def fitted(stand_in: StandIn) -> Fitted:
    """A gate of the stand-ins, of 400 images a part."""
    space, weighing, facts = fit_gate(
        stand_in.classifier, stand_in.autoencoder, stand_in.dataset, stand_in.parts, seed=0, images=400
    )
    return Fitted(space, weighing, facts, NetworkGate(stand_in.autoencoder, space, weighing))
