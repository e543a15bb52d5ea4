"""GPT-2 in PyTorch: learned positions, layer norm before each part, tanh GELU, embedding used at both ends."""

import math

import torch
from torch import nn
from torch.nn import functional

from model_export.starter.candidates import IGNORED
from model_export.starter.config import ModelConfig


class Attention(nn.Module):  # type: ignore[misc]
    """Causal self-attention with n_head heads."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.n_head = config.n_head
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[batch, position, n_embd] -> the same shape."""
        batch, n_tokens, width = x.shape
        heads = (
            part.view(batch, n_tokens, self.n_head, width // self.n_head).transpose(1, 2)
            for part in self.c_attn(x).split(width, dim=-1)
        )
        joined = functional.scaled_dot_product_attention(*heads, is_causal=True).transpose(1, 2)
        return self.c_proj(joined.reshape(batch, n_tokens, width))


class Mlp(nn.Module):  # type: ignore[misc]
    """Two layers with GELU between, four times as wide inside."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd)
        self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[batch, position, n_embd] -> the same shape."""
        return self.c_proj(functional.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):  # type: ignore[misc]
    """What attention and the MLP add to the residual stream."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd, eps=config.layer_norm_epsilon)
        self.attn = Attention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd, eps=config.layer_norm_epsilon)
        self.mlp = Mlp(config)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[batch, position, n_embd] -> the same shape."""
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt2(nn.Module):  # type: ignore[misc]
    """GPT-2 as it stands; training may give it some rows of the vocabulary in place of all."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.n_ctx, config.n_embd)
        self.h = nn.ModuleList(Block(config) for _ in range(config.n_layer))
        self.ln_f = nn.LayerNorm(config.n_embd, eps=config.layer_norm_epsilon)
        self._initialise(config.n_layer)

    def _initialise(self, n_layer: int) -> None:
        # What is added to the stream starts smaller the more blocks add to it.
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                scale = 0.02 / math.sqrt(2 * n_layer) if "c_proj" in name else 0.02
                nn.init.normal_(parameter, std=scale)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, token_ids: torch.Tensor) -> torch.Tensor:
        """[batch, position] -> logits [batch, position, token]."""
        return self.unembed(self.stream(token_ids))

    def stream(self, token_ids: torch.Tensor) -> torch.Tensor:
        """[batch, position] -> [batch, position, n_embd] The residual stream after the final norm."""
        return self._blocks(self.wte(token_ids))

    def _blocks(self, embedded: torch.Tensor) -> torch.Tensor:
        x = embedded + self.wpe.weight[: embedded.shape[1]]
        for block in self.h:
            x = block(x)
        return self.ln_f(x)

    def unembed(self, stream: torch.Tensor) -> torch.Tensor:
        """[..., n_embd] -> logits [..., token]."""
        return stream @ self.wte.weight.T

    def loss(self, token_ids: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Mean of -log p(target) in nats over all targets that are not IGNORED; both [batch, position]."""
        logits = self(token_ids)
        return functional.cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), ignore_index=IGNORED)

    def loss_among(
        self, rows: torch.Tensor, read: torch.Tensor, asked: torch.Tensor, correction: torch.Tensor,
        read_correction: torch.Tensor,
    ) -> torch.Tensor:  # fmt: skip
        """The loss with the softmax over candidates (see candidates.py); ``rows`` [column, n_embd] are theirs."""
        stream = self._blocks(functional.embedding(read, rows)).flatten(0, 1)
        logits = (stream @ rows.T).float()
        n_read = read_correction.shape[-1]
        usual = logits[:, : logits.shape[1] - n_read] + correction
        near = logits[:, logits.shape[1] - n_read :] + read_correction.flatten(0, 1)
        return functional.cross_entropy(torch.cat([usual, near], dim=1), asked.flatten(), ignore_index=IGNORED)
