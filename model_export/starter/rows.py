"""First rows for tokens that shared one: made of the rows of the pieces they are spelled with."""

import json

import numpy as np
from tokenizers import Tokenizer

from model_export.starter.candidates import FloatArray, IntArray

_SHARE_OF_SHARED = 0.4
_SHARE_OF_PIECES = 0.5
_NOISE = 0.1  # of the spread of the rows that are there


def shared(embedding: FloatArray) -> IntArray:
    """Ids of the tokens whose row is the row of another token, too."""
    # Rows are told apart by their first numbers alone, which is quick and enough.
    first = np.ascontiguousarray(embedding[:, :4], np.float32).view("V16").ravel()
    _, place, counts = np.unique(first, return_inverse=True, return_counts=True)
    return np.flatnonzero(counts[place.ravel()] > 1)


def spell_out(embedding: FloatArray, tokenizer: Tokenizer, seed: int = 0) -> FloatArray:
    """[token, n_embd] A row for every token: the shared row, moved towards the pieces, and noise.

    The shared row makes a token improbable, which rare tokens are; what the pieces have more than the mean row has says
    which token it is. A token that only lacks the space or the small letters of one with a row takes that one's.
    """
    without = shared(embedding)
    found = embedding.copy()
    if not len(without):
        return found
    labels = {token_id: label for label, token_id in tokenizer.get_vocab().items()}
    ids = {label: token_id for token_id, label in labels.items()}
    is_own = np.ones(len(embedding), bool)
    is_own[without] = False
    parents = {left + right: (left, right) for left, right in json.loads(tokenizer.to_str())["model"]["merges"]}

    def pieces(label: str) -> list[int]:
        if is_own[ids[label]]:
            return [ids[label]]
        return [piece for part in parents.get(label, ()) for piece in pieces(part)]

    mean, spread = embedding[is_own].mean(axis=0), embedding[is_own].std()
    start = mean + _SHARE_OF_SHARED * (embedding[without[0]] - mean)
    draw = np.random.default_rng(seed)
    for token_id in without:
        label = labels.get(int(token_id), "")
        bare = label.lstrip("Ġ")
        spellings = ("Ġ" + bare, bare, "Ġ" + bare.lower(), bare.lower())
        twins = [ids[twin] for twin in spellings if twin in ids and is_own[ids[twin]]]
        of = twins[:1] or (pieces(label) if label in ids else [])
        found[token_id] = start + draw.normal(0, _NOISE * spread, embedding.shape[1])
        if of:
            found[token_id] += _SHARE_OF_PIECES * (embedding[of].mean(axis=0) - mean)
    return found
