"""Settings of all tests, and exports of one seeded random checkpoint, made once for those that only read them."""

from pathlib import Path

import pytest
from hypothesis import settings

# What else a machine does is no fault of a test.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def toy_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Here, so that tests without files run where the libraries for files are not.
    from tests.checkpoints import TOY, write_checkpoint

    return write_checkpoint(tmp_path_factory.mktemp("toy") / "checkpoint", TOY)


def _exported(checkpoint: Path, scheme: str) -> Path:
    from model_export.export import export

    out = checkpoint.parent / scheme
    export(str(checkpoint), out, scheme)
    return out


@pytest.fixture(scope="session")
def toy_fp32(toy_checkpoint: Path) -> Path:
    return _exported(toy_checkpoint, "fp32")


@pytest.fixture(scope="session")
def toy_int8(toy_checkpoint: Path) -> Path:
    return _exported(toy_checkpoint, "int8")


@pytest.fixture(scope="session")
def toy_int8_integer(toy_checkpoint: Path) -> Path:
    return _exported(toy_checkpoint, "int8-integer")
