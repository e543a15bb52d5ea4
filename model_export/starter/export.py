"""Writes a training state as a checkpoint in Hugging Face layout: fp16.

usage: python -m model_export.starter.export [--state FILE] [--out FOLDER]
"""

import argparse
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from model_export.starter.candidates import FloatArray
from model_export.starter.config import CHECKPOINT, END_OF_TEXT, ModelConfig, cache_folder
from model_export.starter.model import Gpt2
from model_export.starter.state import load_state, model_of

_PREFIX = "transformer."


def checkpoint_tensors(model: Gpt2) -> dict[str, FloatArray]:
    """Weights by Hugging Face's names. GPT-2 stores its matrices as [input, output], PyTorch as [output, input]."""
    tensors = {}
    for name, parameter in model.state_dict().items():
        array = parameter.detach().float().cpu().numpy()
        if _is_matrix(name, array):
            array = array.T
        tensors[_PREFIX + name] = np.ascontiguousarray(array)
    return tensors


def load_checkpoint(model: Gpt2, folder: Path) -> None:
    """Put the weights of a checkpoint folder into a model of the same sizes; tokens that share a row stay alike."""
    stored = load_file(folder / "model.safetensors")
    state = {}
    for name in model.state_dict():
        array = stored[_PREFIX + name].astype(np.float32)
        if _is_matrix(name, array):
            array = array.T
        state[name] = torch.from_numpy(np.ascontiguousarray(array))
    model.load_state_dict(state)


def _is_matrix(name: str, array: FloatArray) -> bool:
    return name.startswith("h.") and array.ndim == 2


def write_checkpoint(model: Gpt2, config: ModelConfig, folder: Path) -> None:
    """Write config.json, generation_config.json and model.safetensors, each aside and then renamed.

    The tokeniser is copied where the folder has none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: array.astype(np.float16) for name, array in checkpoint_tensors(model).items()}
    aside = folder / "model.safetensors.part"
    save_file(tensors, aside, metadata={"format": "pt"})
    aside.chmod(0o644)
    os.replace(aside, folder / "model.safetensors")
    if not (folder / "tokenizer.json").is_file() and (CHECKPOINT / "tokenizer.json").is_file():
        shutil.copy(CHECKPOINT / "tokenizer.json", folder)
    _write_json(folder / "config.json", _hugging_face_config(config))
    _write_json(folder / "generation_config.json", {"bos_token_id": END_OF_TEXT, "eos_token_id": END_OF_TEXT})


def _write_json(path: Path, content: dict[str, Any]) -> None:
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps(content, indent=2) + "\n")
    os.replace(aside, path)


def _hugging_face_config(config: ModelConfig) -> dict[str, Any]:
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "n_layer": config.n_layer,
        "n_head": config.n_head,
        "n_embd": config.n_embd,
        "n_ctx": config.n_ctx,
        "n_positions": config.n_ctx,
        "vocab_size": config.vocab_size,
        "layer_norm_epsilon": config.layer_norm_epsilon,
        "attn_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "resid_pdrop": 0.0,
        "bos_token_id": END_OF_TEXT,
        "eos_token_id": END_OF_TEXT,
        "tie_word_embeddings": True,
        "torch_dtype": "float16",
    }


def main() -> None:
    """Export the latest state."""
    parser = argparse.ArgumentParser(prog="python -m model_export.starter.export", description=__doc__)
    parser.add_argument("--state", type=Path, default=cache_folder() / "state.pt")
    parser.add_argument("--out", type=Path, default=CHECKPOINT)
    options = parser.parse_args()
    if not options.state.is_file():
        raise SystemExit(f"{options.state} is missing. Train first: make starter.")
    state = load_state(options.state)
    write_checkpoint(model_of(state), ModelConfig(**state["config"]["model"]), options.out)
    progress = state["progress"]
    print(f"{options.out}: step {progress['step']}, {progress['tokens'] / 1e6:.2f} million tokens")


if __name__ == "__main__":
    main()
