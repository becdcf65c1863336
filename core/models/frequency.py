"""Convolution of small feature maps through the discrete Fourier transform, as three constant matrices.

By the convolution theorem a "same" convolution of an h x w map with a k x k kernel is a product of spectra of size
n x m, n = h + (k - 1) / 2: the border of zeros to the left of a row serves as the border to the right of it as well.
The spectrum of a real map has few independent values, and a complex product takes three real products (Gauss), so
that the whole is the bilinear form

    y = R [(P x) * (Q w)]        x: h*w values, w: k*k values, y: h*w values, * one product for each of r rows

A 7x7 map and a 3x3 kernel need r = 94 products where the direct sum has 441. The transforms are orthogonal up to
scale, so rounding errors stay as small as those of the direct sum (Winograd's minimal forms of this size lose digits).
Sources: Winograd, "Arithmetic Complexity of Computations" (SIAM, 1980), chapters 4 and 6, for bilinear forms and
Gauss's three products; Mathieu, Henaff and LeCun, "Fast Training of Convolutional Networks through FFTs" (ICLR 2014).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BilinearConvolution:
    """The three matrices of the form above, float32.

    of_map: P, (r, h*w). of_kernel: Q, (r, k*k). to_map: R, (h*w, r).
    """

    of_map: np.ndarray
    of_kernel: np.ndarray
    to_map: np.ndarray

    @property
    def rank(self) -> int:
        """Products for each pair of an input and an output channel."""
        return len(self.of_map)


def bilinear_convolution(height: int, width: int, kernel_size: int) -> BilinearConvolution:
    """The form for maps of height x width and an odd kernel size, zero padding, cross-correlation as in Keras."""
    border = (kernel_size - 1) // 2
    n, m = height + border, width + border
    map_rows, map_columns = _grid(np.arange(height), np.arange(width))
    kernel_rows, kernel_columns = _grid(np.arange(-border, border + 1), np.arange(-border, border + 1))
    of_map, of_kernel, to_map = [], [], []
    for u in range(n):
        for v in range(m):
            mirror = (-u % n, -v % m)
            if mirror < (u, v):
                continue  # The spectrum of a real map is symmetric: the mirrored frequency adds nothing.
            map_phase = 2 * np.pi * (u * map_rows / n + v * map_columns / m)
            kernel_phase = 2 * np.pi * (u * kernel_rows / n + v * kernel_columns / m)
            cosine, sine = np.cos(map_phase), np.sin(map_phase)
            kernel_real, kernel_imaginary = np.cos(kernel_phase), np.sin(kernel_phase)
            if mirror == (u, v):  # A real frequency: one product.
                of_map.append(cosine)
                of_kernel.append(kernel_real)
                to_map.append(cosine / (n * m))
                continue
            # Spectrum of the map a + ib, conjugate spectrum of the kernel c + id (correlation, not convolution):
            # real part c(a + b) - b(c + d), imaginary part c(a + b) + a(d - c).
            a, b, c, d = cosine, -sine, kernel_real, kernel_imaginary
            of_map += [a + b, a, b]
            of_kernel += [c, d - c, c + d]
            real, imaginary = 2 * cosine / (n * m), -2 * sine / (n * m)
            to_map += [real + imaginary, imaginary, -real]
    return BilinearConvolution(
        of_map=np.array(of_map, np.float32),
        of_kernel=np.array(of_kernel, np.float32),
        to_map=np.ascontiguousarray(np.array(to_map, np.float32).T),
    )


def pays_off(height: int, width: int, kernel_size: int, channels: int, filters: int) -> bool:
    """Whether the form takes less than half of the direct sum's multiplications, transforms included.

    At half, memory traffic and narrow matrix products leave a measured gain; above it they eat it.
    """
    if kernel_size < 3 or max(height, width) > 8:
        return False
    area = height * width
    rank = 1.5 * (height + kernel_size // 2) * (width + kernel_size // 2)
    form = rank * channels * filters + rank * area * (channels + filters)
    return form < 0.5 * kernel_size**2 * area * channels * filters


def _grid(rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    grid = np.meshgrid(rows, columns, indexing="ij")
    return grid[0].ravel(), grid[1].ravel()
