"""GPT-2 (Radford et al. 2019)."""

import re

from model_export.architecture import Architecture
from model_export.gpt2.config import read_config
from model_export.gpt2.gguf import GGUF
from model_export.gpt2.graph import build_graph
from model_export.gpt2.reference import forward
from model_export.gpt2.tensors import FINAL_NORM, LAYER_TENSORS, OTHER_NAMES, tensor_specs

GPT2 = Architecture(
    name="gpt2",
    model_types=("gpt2",),
    prefix="transformer.",
    # Causal masks, which older checkpoints store beside the weights. The graph makes its own.
    ignored=re.compile(r"h\.\d+\.attn\.(bias|masked_bias)"),
    layer_tensors=LAYER_TENSORS,
    final_norm=FINAL_NORM,
    other_names=OTHER_NAMES,
    example="openai-community/gpt2",
    read_config=read_config,
    tensor_specs=tensor_specs,
    build_graph=build_graph,
    forward=forward,
    gguf=GGUF,
)
