"""How near PyTorch an export must be."""

import numpy as np

TOLERANCE = 1e-4


def assert_close(actual: np.ndarray, expected: np.ndarray, name: str) -> None:
    assert actual.shape == expected.shape, name
    is_masked = np.isneginf(expected)
    assert (np.isneginf(actual) == is_masked).all(), name
    difference = np.abs(actual[~is_masked] - expected[~is_masked]).max()
    assert difference < TOLERANCE, f"{name}: {difference:.2e}"


def assert_all_close(actual: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert actual.keys() == expected.keys()
    for name, tensor in expected.items():
        assert_close(actual[name], tensor, name)
