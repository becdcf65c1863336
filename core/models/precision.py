"""The precision that networks are trained in: float32, or bfloat16 where the processor multiplies it faster.

bfloat16 has float32's range and 8 of its 24 bits of precision. Networks trained so keep their weights, running
statistics, sums within a product, losses and the optimiser in float32 ("mixed precision": Micikevicius et al., ICLR
2018; Kalamkar et al., "A Study of BFLOAT16 for Deep Learning Training", 2019). A finished network answers in float32.
"""

import functools
from pathlib import Path

import keras

_FAST = {"avx512_bf16", "amx_bf16"}
"""Instructions for products of bfloat16; without them it is emulated, and slower than float32."""


def precision_here(asked: str) -> str:
    """What "auto" means on this machine: float32 or bfloat16; either of these stays as it is.

    bfloat16 is taken on processors of the x86 family that have instructions for it, with TensorFlow.
    """
    if asked != "auto":
        return asked
    return "bfloat16" if keras.backend.backend() == "tensorflow" and _multiplies_bfloat16() else "float32"


@functools.cache
def _multiplies_bfloat16() -> bool:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return not _FAST.isdisjoint(flags.split())
