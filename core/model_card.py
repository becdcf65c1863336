"""The card that goes with an exported network: what it is, how good it is, what it takes, how to open it."""

from core.store import Run


def model_card(run: Run) -> str:
    """The card of a finished run in Markdown; the same run gives the same text.

    Raises RunDamagedError if the run cannot be read.
    """
    request, metrics, machine = run.request, run.metrics, run.environment
    facts, report = request.dataset, metrics.test
    height, width = facts.image_shape
    recipe = f"the preset `{request.preset}`" if request.preset else "settings of its own"
    epochs = " + ".join(str(metrics.stages[stage].epochs) for stage in ("autoencoder", "phase1", "phase2"))
    return f"""\
# A classifier of {facts.name} images

A convolutional network: the encoder of an autoencoder, a dense layer and a softmax, trained by Digit Lab with {recipe}
({epochs} epochs: autoencoder, head alone, everything). `recipe.json` holds every setting, `history.csv` every epoch,
`metrics.json` the figures of every class and `environment.json` the versions and times.

| | |
|---|---|
| Run | `{run.name}` |
| Data | {facts.name}: {facts.n_train:,} images to train, {facts.n_validation:,} to validate, {facts.n_test:,} to test |
| Test accuracy | {report.accuracy:.2%}: {report.incorrect:,} of {report.n_images:,} wrong; loss {report.loss:.4f} |
| Measured on | one run with seed {request.recipe.seed}, on {machine["processor"]} with {machine["cores"]} cores |

## What goes in and out

In: grey images of {height}x{width} pixels, light on black, as an array `(n, {height}, {width}, 1)` of float32 in
[0, 1]: pixels divided by 255.

Out: probabilities `(n, {len(facts.class_names)})`, float32, of the classes, in this order:
{", ".join(facts.class_names)}.

## Opening it

`model.keras`, with plain Keras 3:

```python
import keras
import numpy as np

images = np.zeros((1, {height}, {width}), np.uint8)  # yours
inputs = images[..., np.newaxis].astype(np.float32) / 255
model = keras.saving.load_model("model.keras", compile=False)
probabilities = model.predict(inputs, verbose=0)
print(probabilities.argmax(axis=1))
```

`model.onnx`, with ONNX Runtime, which needs neither Keras nor TensorFlow:

```python
import numpy as np
import onnxruntime

images = np.zeros((1, {height}, {width}), np.uint8)  # yours
inputs = images[..., np.newaxis].astype(np.float32) / 255
session = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
[probabilities] = session.run(None, {{"image": inputs}})
print(probabilities.argmax(axis=1))
```
"""
