"""The gate: whether an image is one of the classes at all, or something that the network has never seen.

    evidence    what the autoencoder and the classifier say of an image, as a few dozen numbers
    gate        the evidence weighed: novelty, and the gate of a run, read from its files
    made        made images to fit a gate with
    fitting     a gate fitted to a run's networks, once, when the training ends

Softmax alone is a poor judge: a network is often sure of what it has never seen (Hendrycks and Gimpel, "A Baseline for
Detecting Misclassified and Out-of-Distribution Examples in Neural Networks", ICLR 2017). Here three witnesses are heard
together: the softmax, the autoencoder's error of reconstruction, and where the image's code lies among the codes of the
training images, class by class (the Mahalanobis distance of Lee, Lee, Lee and Shin, "A Simple Unified Framework for
Detecting Out-of-Distribution Samples and Adversarial Attacks", NeurIPS 2018). Their weights are learnt from made images
that are no digit (outlier exposure: Hendrycks, Mazeika and Dietterich, ICLR 2019), and the threshold is set on
validation images, half of them changed as another pen or camera would, so that a stated share of them is refused.
"""

from core.gate.gate import Gate, NetworkGate, SoftmaxGate, open_gate

__all__ = ["Gate", "NetworkGate", "SoftmaxGate", "open_gate"]
