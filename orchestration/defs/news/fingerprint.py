"""A fingerprint of a text by which near-duplicates find each other.

Belongs here: from words to numbers. Does not belong here: comparing fingerprints, which SQL does
(`int_near_duplicates`).

It is a MinHash (Broder 1997): of 60 fixed hash functions, the least value over all runs of three
words. The share of positions in which two fingerprints agree estimates the share of runs that
the two texts have in common (Jaccard), with a standard error below 0.065.
"""

from __future__ import annotations

import hashlib
import re

SIZE = 60
_RUN = 3


def fingerprint(text: str) -> list[int] | None:
    """Return 60 numbers of 32 bits; None for a text of fewer than three words."""
    import numpy as np

    words = re.findall(r"\w+", text.casefold())
    runs = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    if not runs:
        return None
    hashes = np.fromiter((_hash(run) for run in runs), np.uint64, len(runs))
    factors, terms = (
        np.array([_hash(f"{name} {number}") for number in range(SIZE)], np.uint64)
        for name in ("factor", "term")
    )
    # multiply-add-shift: odd factors, arithmetic modulo 2^64, the upper half
    least = ((factors | np.uint64(1))[:, None] * hashes + terms[:, None]).min(axis=1)
    return [int(value) >> 32 for value in least]


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
