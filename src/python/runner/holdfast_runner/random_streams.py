"""Everything random has a name (seed, step, case, sample), so a resumed training draws what another draws."""

from __future__ import annotations

import hashlib

import numpy


def derive_seed(*parts: int | str) -> int:
    """A seed of 48 bits from its name; exact as a JavaScript number."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:6], "big")


def torch_seed(seed: int) -> int:
    """Any seed in the range that numpy's and torch's global generators take."""
    return seed % 2**32


def shuffled(count: int, *name: int | str) -> list[int]:
    """The numbers below `count` in a random order of that name."""
    return numpy.random.default_rng(derive_seed(*name)).permutation(count).tolist()


def endless_order(count: int, first: int, length: int, *name: int | str) -> list[int]:
    """Positions `first` to `first + length` of an endless order: all `count` numbers, each time anew shuffled."""
    passes = {p: shuffled(count, *name, p) for p in {position // count for position in range(first, first + length)}}
    return [passes[position // count][position % count] for position in range(first, first + length)]
