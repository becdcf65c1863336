"""The paper's networks in PyTorch, as a careful user writes them (channels last), timed on the same steps.

    python -m benchmarks.plain_torch [--rounds 5] [--compile]

PyTorch is not among the project's packages; run this where it is installed. Prints images per second of training steps
of the autoencoder (batch 64) and of fine-tuning (batch 256), medians over the rounds after one to warm up.
"""

import argparse
import statistics
import time

import torch
from torch import nn

SHAPES = {"autoencoder": (64, 10), "phase 2": (256, 6)}
"""Stage -> batch size and steps in a round."""


def convolution(channels: int, filters: int) -> list[nn.Module]:
    """Convolution, relu, batch normalisation."""
    return [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(filters)]


def encoder() -> list[nn.Module]:
    """The paper's encoder."""
    return [
        *convolution(1, 32),
        *convolution(32, 32),
        nn.MaxPool2d(2),
        *convolution(32, 64),
        nn.MaxPool2d(2),
        *convolution(64, 128),
        *convolution(128, 256),
    ]


def network(stage: str) -> nn.Sequential:
    """The network of a stage; the classifier ends with logits."""
    if stage == "phase 2":
        head = [nn.Flatten(), nn.Linear(7 * 7 * 256, 128), nn.ReLU(), nn.Linear(128, 10)]
        return nn.Sequential(*encoder(), *head)
    double = nn.Upsample(scale_factor=2)
    decoder = [*convolution(256, 256), *convolution(256, 128), double, *convolution(128, 64), double]
    decoder += [*convolution(64, 32), *convolution(32, 32), nn.Conv2d(32, 1, 3, padding=1), nn.Sigmoid()]
    return nn.Sequential(*encoder(), *decoder)


def images_per_second(stage: str, rounds: int, compiled: bool) -> float:
    """Median speed of training steps."""
    batch, steps = SHAPES[stage]
    torch.manual_seed(0)
    model = network(stage).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters())
    loss = nn.CrossEntropyLoss() if stage == "phase 2" else nn.MSELoss()
    run = torch.compile(model) if compiled else model
    inputs = torch.rand(batch, 1, 28, 28).contiguous(memory_format=torch.channels_last)
    targets = torch.arange(batch) % 10 if stage == "phase 2" else inputs
    speeds = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        for _ in range(steps):
            optimizer.zero_grad()
            loss(run(inputs), targets).backward()
            optimizer.step()
        speeds.append(batch * steps / (time.perf_counter() - started))
    return statistics.median(speeds[1:])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    for stage in SHAPES:
        speed = images_per_second(stage, options.rounds, options.compile)
        print(
            f"PyTorch {torch.__version__}, {'compiled' if options.compile else 'eager'}, {stage}: {speed:.0f} images/s"
        )


if __name__ == "__main__":
    main()
