"""Which extractor reads: a hash over all that can change what it finds.

Belongs here: the hash. Does not belong here: what is read with it (`landed`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from orchestration import landing
from orchestration.defs.claims.language import languages

# These land and show what the rest reads; what they do cannot change a claim.
_NOT_READING = {"assets.py", "columns.py", "landed.py", "version.py"}


def extractor_version(folder: Path, inputs: Sequence[Path]) -> str:
    """Return 16 hex digits over the extractor's code, its language files and its tables."""
    digest = hashlib.sha256()
    code = [path for path in Path(__file__).parent.glob("*.py") if path.name not in _NOT_READING]
    for path in sorted([*code, *languages(folder).values()], key=lambda path: path.name):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.name} {content}\n".encode())
    for batch in inputs:
        digest.update(f"{batch.parent.name} {landing.hash_of(batch)}\n".encode())
    return digest.hexdigest()[:16]
