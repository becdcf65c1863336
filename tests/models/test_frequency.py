import numpy as np
import pytest
from scipy.signal import correlate2d

from core.models.frequency import bilinear_convolution, pays_off

SIZES = [(1, 1), (2, 2), (7, 7), (8, 8), (6, 6), (7, 8), (8, 5), (1, 7), (3, 2)]


@pytest.mark.parametrize("kernel_size", [3, 5, 7])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_the_form_is_the_correlation_with_zeros_around_the_map(height: int, width: int, kernel_size: int) -> None:
    random = np.random.default_rng(0)
    form = bilinear_convolution(height, width, kernel_size)
    for _ in range(3):
        image = random.standard_normal((height, width))
        kernel = random.standard_normal((kernel_size, kernel_size))
        found = form.to_map @ ((form.of_map @ image.ravel()) * (form.of_kernel @ kernel.ravel()))
        # SciPy's own "same" is as large as the larger of the two, so the map is cut out of the full correlation.
        border = kernel_size // 2
        wide = correlate2d(np.pad(image, border), kernel, mode="valid")
        np.testing.assert_allclose(found.reshape(height, width), wide, atol=2e-6 * kernel_size**2)


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_kernel_of_one_pixel_scales_the_map(height: int, width: int) -> None:
    form = bilinear_convolution(height, width, 1)
    image = np.random.default_rng(0).standard_normal(height * width)
    found = form.to_map @ ((form.of_map @ image) * (form.of_kernel @ np.array([2.5])))
    np.testing.assert_allclose(found, 2.5 * image, atol=1e-5)


def test_the_form_of_the_papers_small_maps_has_94_products() -> None:
    form = bilinear_convolution(7, 7, 3)
    assert form.rank == 94
    assert (form.of_map.shape, form.of_kernel.shape, form.to_map.shape) == ((94, 49), (94, 9), (49, 94))
    assert {part.dtype.name for part in (form.of_map, form.of_kernel, form.to_map)} == {"float32"}


@pytest.mark.parametrize("kernel_size", [1, 3, 5, 7])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_the_rank_counts_real_frequencies_once_and_pairs_three_times(height: int, width: int, kernel_size: int) -> None:
    n, m = height + kernel_size // 2, width + kernel_size // 2
    real = (2 - n % 2) * (2 - m % 2)  # frequencies that are their own mirror image
    assert bilinear_convolution(height, width, kernel_size).rank == real + 3 * (n * m - real) // 2


@pytest.mark.parametrize(
    ("height", "width", "kernel_size", "channels", "filters", "expected"),
    [
        # The paper's convolutions of 7x7 maps.
        (7, 7, 3, 64, 128, True),
        (7, 7, 3, 128, 256, True),
        (7, 7, 3, 256, 256, True),
        (7, 7, 3, 256, 128, True),
        # Maps too large, kernels too small, channels too few.
        (14, 14, 3, 128, 256, False),
        (9, 7, 3, 256, 256, False),
        (28, 28, 3, 32, 32, False),
        (7, 7, 1, 256, 256, False),
        (7, 7, 3, 1, 32, False),
        (7, 7, 3, 4, 8, False),
        (7, 7, 3, 64, 64, False),  # 0.55 of the direct sum
    ],
)
def test_the_form_is_chosen_where_it_halves_the_products(
    height: int, width: int, kernel_size: int, channels: int, filters: int, expected: bool
) -> None:
    assert pays_off(height, width, kernel_size, channels, filters) is expected
