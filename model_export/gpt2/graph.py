"""The GPT-2 graph, built op by op with the glossary's names (Radford et al. 2019)."""

import math

import numpy as np
import onnx
from onnx import helper

from glassbox.config import ModelConfig
from model_export.gpt2.tensors import FINAL_NORM, LAYER_TENSORS
from model_export.graph_builder import GraphBuilder
from model_export.weight_file import WeightFile


def build_graph(config: ModelConfig, weights: WeightFile, integer_arithmetic: bool = False) -> onnx.ModelProto:
    """The whole graph; ``integer_arithmetic`` multiplies 8-bit activations with 8-bit weights inside the blocks."""
    return _Graph(config, weights, integer_arithmetic).model()


class _Graph(GraphBuilder):
    token_embedding = "wte.weight"
    final_norm_weight = "ln_f"
    final_norm = FINAL_NORM
    layer_tensors = LAYER_TENSORS

    def embed(self) -> None:
        """Token embedding + position embedding [n_new, n_embd]."""
        position = self.op("Gather", [self.weight("wpe.weight"), "positions"])
        self.op("Add", [self.token_rows(), position], "embedded")

    def block(self, layer: int) -> None:
        """Layer norm -> attention -> residual -> layer norm -> MLP -> residual; the stream is [n_new, n_embd]."""
        self.attention(layer)
        self.mlp(layer)

    def attention(self, layer: int) -> None:
        """Layer norm -> query, key, value -> heads -> projection -> residual."""
        block = f"h.{layer}"
        self.norm(f"resid_pre.{layer}", f"{block}.ln_1", f"ln_1.{layer}")
        # [n_new, 3 * n_embd]: queries, keys and values of all heads.
        fused = self.linear(f"ln_1.{layer}", f"{block}.attn.c_attn")
        parts = [f"fused_{part}.{layer}" for part in ("query", "key", "value")]
        self.nodes.append(helper.make_node("Split", [fused], parts, axis=1, name=f"make_fused.{layer}"))
        for part, name in zip(parts, ("query", "key", "value"), strict=True):
            self.heads(part, self.config.n_head, f"{name}.{layer}")
        self.linear(self.attend(layer), f"{block}.attn.c_proj", f"attn_out.{layer}")
        self.op("Add", [f"resid_pre.{layer}", f"attn_out.{layer}"], f"resid_mid.{layer}")

    def mlp(self, layer: int) -> None:
        """Layer norm -> wider [n_new, d_mlp] -> GELU -> back [n_new, n_embd] -> residual."""
        block = f"h.{layer}"
        self.norm(f"resid_mid.{layer}", f"{block}.ln_2", f"ln_2.{layer}")
        self.linear(f"ln_2.{layer}", f"{block}.mlp.c_fc", f"mlp_pre.{layer}")
        self.gelu(f"mlp_pre.{layer}", f"mlp_post.{layer}")
        self.scaled_mlp(layer, self.linear(f"mlp_post.{layer}", f"{block}.mlp.c_proj"))
        self.op("Add", [f"resid_mid.{layer}", f"mlp_out.{layer}"], f"resid_post.{layer}")

    def norm(self, source: str, weight: str, name: str = "") -> str:
        """(x - mean) / sqrt(variance + epsilon) x gain + bias, row by row."""
        inputs = [source, self.stored(f"{weight}.weight"), self.stored(f"{weight}.bias")]
        return self.op("LayerNormalization", inputs, name, axis=-1, epsilon=self.config.norm_epsilon)

    def gelu(self, source: str, name: str) -> None:
        """GELU in its tanh form (Hendrycks and Gimpel 2016): x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))."""
        cube = self.op("Mul", [self.op("Mul", [source, source]), source])
        inner = self.op("Add", [source, self.op("Mul", [cube, self.constant(0.044715, np.float32)])])
        angle = self.op("Mul", [inner, self.constant(math.sqrt(2 / math.pi), np.float32)])
        gate = self.op("Add", [self.op("Tanh", [angle]), self.constant(1, np.float32)])
        self.op("Mul", [self.op("Mul", [source, self.constant(0.5, np.float32)]), gate], name)
