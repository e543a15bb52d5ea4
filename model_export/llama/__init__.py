"""The Llama family: Llama 2 and 3 (Touvron et al. 2023), SmolLM2, Qwen2 and what else is built like them."""

import re

from model_export.architecture import Architecture
from model_export.llama.config import read_config
from model_export.llama.gguf import GGUF
from model_export.llama.graph import build_graph
from model_export.llama.reference import forward
from model_export.llama.tensors import FINAL_NORM, LAYER_TENSORS, tensor_specs

LLAMA = Architecture(
    name="llama",
    model_types=("llama", "qwen2"),
    prefix="model.",
    # Frequencies of rotation, which older checkpoints store beside the weights. They follow from config.json.
    ignored=re.compile(r"layers\.\d+\.self_attn\.rotary_emb\.inv_freq"),
    layer_tensors=LAYER_TENSORS,
    final_norm=FINAL_NORM,
    other_names={},
    example="HuggingFaceTB/SmolLM2-135M",
    read_config=read_config,
    tensor_specs=tensor_specs,
    build_graph=build_graph,
    forward=forward,
    gguf=GGUF,
)
