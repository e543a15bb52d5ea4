"""The Llama graph: root mean square norms, rotated queries and keys, grouped heads, a gated MLP.

Zhang and Sennrich 2019; Su et al. 2021; Ainslie et al. 2023; Shazeer 2020; put together by Touvron et al. 2023.
"""

import numpy as np
import onnx
from onnx import TensorProto

from glassbox.config import ModelConfig
from model_export.graph_builder import GraphBuilder
from model_export.llama.tensors import FINAL_NORM, LAYER_TENSORS
from model_export.weight_file import WeightFile


def build_graph(config: ModelConfig, weights: WeightFile, integer_arithmetic: bool = False) -> onnx.ModelProto:
    """The whole graph; ``integer_arithmetic`` multiplies 8-bit activations with 8-bit weights inside the blocks."""
    return _Graph(config, weights, integer_arithmetic).model()


class _Graph(GraphBuilder):
    token_embedding = "embed_tokens.weight"
    final_norm_weight = "norm.weight"
    final_norm = FINAL_NORM
    layer_tensors = LAYER_TENSORS

    def embed(self) -> None:
        """Token embedding [n_new, n_embd], and cosine and sine of each pair's angle [n_new, d_head / 2]."""
        self.token_rows("embedded")
        positions = self.op("Unsqueeze", [self.op("Cast", ["positions"], to=TensorProto.FLOAT), self.constant([1])])
        frequencies = self.constant(self.config.rotary_frequencies, np.float32, "rotary_frequencies")
        self.op("Mul", [positions, frequencies], "angles")
        self.op("Cos", ["angles"], "cosine")
        self.op("Sin", ["angles"], "sine")

    def block(self, layer: int) -> None:
        """Norm -> attention -> residual -> norm -> MLP -> residual; the stream is [n_new, n_embd]."""
        self.attention(layer)
        self.mlp(layer)

    def attention(self, layer: int) -> None:
        """Norm -> query, key (both rotated), value -> heads -> projection -> residual."""
        block, config = f"layers.{layer}", self.config
        normed = self.norm(f"resid_pre.{layer}", f"{block}.input_layernorm.weight", f"norm_1.{layer}")
        for name, n_head in (("query", config.n_head), ("key", config.n_kv_head)):
            rows = self.linear(normed, f"{block}.self_attn.{name[0]}_proj")
            self.rotate(self.heads(rows, n_head, f"{name}_pre_rotation.{layer}"), f"{name}.{layer}")
        self.heads(self.linear(normed, f"{block}.self_attn.v_proj"), config.n_kv_head, f"value.{layer}")
        self.linear(self.attend(layer), f"{block}.self_attn.o_proj", f"attn_out.{layer}")
        self.op("Add", [f"resid_pre.{layer}", f"attn_out.{layer}"], f"resid_mid.{layer}")

    def mlp(self, layer: int) -> None:
        """Norm -> gate and up [n_new, d_mlp] -> SiLU(gate) x up -> back [n_new, n_embd] -> residual."""
        block = f"layers.{layer}"
        normed = self.norm(f"resid_mid.{layer}", f"{block}.post_attention_layernorm.weight", f"norm_2.{layer}")
        gate = self.linear(normed, f"{block}.mlp.gate_proj", f"mlp_gate.{layer}")
        up = self.linear(normed, f"{block}.mlp.up_proj", f"mlp_up.{layer}")
        # SiLU (Elfwing et al. 2018): x times its logistic function.
        open_gate = self.op("Mul", [gate, self.op("Sigmoid", [gate])])
        self.op("Mul", [open_gate, up], f"mlp_post.{layer}")
        self.scaled_mlp(layer, self.linear(f"mlp_post.{layer}", f"{block}.mlp.down_proj"))
        self.op("Add", [f"resid_mid.{layer}", f"mlp_out.{layer}"], f"resid_post.{layer}")

    def norm(self, source: str, weight: str, name: str = "") -> str:
        """x / sqrt(mean of x^2 + epsilon) x gain, row by row."""
        square = self.op("ReduceMean", [self.op("Mul", [source, source])], axes=[-1], keepdims=1)
        root = self.op("Sqrt", [self.op("Add", [square, self.constant(self.config.norm_epsilon, np.float32)])])
        return self.op("Mul", [self.op("Div", [source, root]), self.stored(weight)], name)

    def rotate(self, rows: str, name: str) -> None:
        """Turn each pair (a, b) = (i, i + d_head / 2) of rows [heads, n_new, d_head] by its position's angle.

        (a, b) become (a cos - b sin, b cos + a sin).
        """
        half = self.config.d_head // 2
        bounds = [self.constant([place]) for place in (0, half, 2 * half)]
        a, b = (self.op("Slice", [rows, bounds[i], bounds[i + 1], self.constant([2])]) for i in (0, 1))
        first = self.op("Sub", [self.op("Mul", [a, "cosine"]), self.op("Mul", [b, "sine"])])
        second = self.op("Add", [self.op("Mul", [b, "cosine"]), self.op("Mul", [a, "sine"])])
        self.op("Concat", [first, second], name, axis=2)
