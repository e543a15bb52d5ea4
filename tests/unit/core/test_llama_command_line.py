"""``python -m glassbox`` on a model of the Llama family, cut into words as SmolLM2 does."""

import json
from pathlib import Path

import numpy as np
import pytest

from glassbox.__main__ import main
from glassbox.architectures.llama import LLAMA
from model_export.export import export
from model_export.folder_checkpoint import FolderCheckpoint
from model_export.gguf_tokenizer import PRE_TOKENIZERS
from model_export.llama.reference import forward
from tests.checkpoints import toy_llama, write_llama

MODEL = toy_llama()
TEXT = "the man in 1969"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_llama(tmp_path_factory.mktemp("llama") / "checkpoint", MODEL)
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["pre_tokenizer"] = PRE_TOKENIZERS["smollm"]
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def model(checkpoint: Path) -> Path:
    export(str(checkpoint), checkpoint.parent / "out", "fp32")
    return checkpoint.parent / "out"


@pytest.mark.parametrize("head_off", [None, (1, 4)])
def test_inspect_writes_every_tensor(
    model: Path, checkpoint: Path, tmp_path: Path, head_off: tuple[int, int] | None
) -> None:
    call = ["inspect", "--model", str(model), "--text", TEXT, "--lens", "--out", str(tmp_path / "run.npz")]
    scale = np.ones((MODEL.n_layer, MODEL.n_head), np.float32)
    if head_off:
        call += ["--head-off", "{}.{}".format(*head_off)]
        scale[head_off] = 0
    assert main(call) == 0
    with np.load(tmp_path / "run.npz") as file:
        arrays = dict(file)
    expected = forward(MODEL, FolderCheckpoint(checkpoint).tensor, arrays["token_ids"].tolist(), scale)
    layered = [f"{name}.{layer}" for name in LLAMA.tensors for layer in range(MODEL.n_layer) if name != "norm_final"]
    assert arrays.keys() == {*layered, "norm_final", "token_ids", "logits", "lens"}
    for name, tensor in expected.items():
        np.testing.assert_allclose(arrays[name], tensor, rtol=0, atol=1e-4, err_msg=name)


def test_generate_greedily(model: Path, checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "--model", str(model), "--text", "the", "--n", "6", "--temperature", "0", "--json"]) == 0
    vocabulary = json.loads((checkpoint / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    token_ids = [vocabulary["the"]]
    for token_id in json.loads(capsys.readouterr().out)["token_ids"]:
        assert token_id == forward(MODEL, FolderCheckpoint(checkpoint).tensor, token_ids)["logits"][-1].argmax()
        token_ids.append(token_id)
