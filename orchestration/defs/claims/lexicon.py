"""The dictionary of a language: phrases to meanings, found by hash lookups from word to word.

Belongs here: the longest phrase that begins at a token. Does not belong here: what a meaning
leads to (`tagging` and after).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestration.defs.claims.text import Token, phrase_keys

Meaning = tuple[str, str | None]
# A text of made-up words must not fill the memory.
_MAXIMUM_REMEMBERED = 50_000
_STAR_START, _STAR_END = "\ue000", "\ue001"


@dataclass(slots=True)
class _Node:
    """One word of some phrases: what ends here, and the words that may follow."""

    meanings: list[Meaning] = field(default_factory=list)
    words: dict[str, _Node] = field(default_factory=dict)
    beginnings: dict[str, _Node] = field(default_factory=dict)
    endings: dict[str, _Node] = field(default_factory=dict)

    def after(self, key: str) -> list[_Node]:
        """Return the nodes that a word leads to; at most one per length of a starred word."""
        found = [self.words[key]] if key in self.words else []
        if self.beginnings:
            found += [
                self.beginnings[key[:length]]
                for length in range(min(len(key), 30), 1, -1)
                if key[:length] in self.beginnings
            ]
        if self.endings:
            found += [
                self.endings[key[-length:]]
                for length in range(min(len(key), 30), 1, -1)
                if key[-length:] in self.endings
            ]
        return found


class Lexicon:
    """Phrases with their meanings; a meaning is a dotted key and, from a table, a number."""

    def __init__(self) -> None:
        self._root = _Node()
        self._first: dict[str, list[_Node]] = {}

    def add(self, phrase: str, key: str, value: str | None = None) -> None:
        """Add one phrase; `*` at the start or the end of a word stands for any letters."""
        marked = " ".join(
            word.replace("*", _STAR_START, 1) if word.startswith("*") else word
            for word in phrase.split()
        ).replace("*", _STAR_END)
        node = self._root
        for word in _joined(marked):
            if word.startswith(_STAR_START):
                node = node.endings.setdefault(word[1:], _Node())
            elif word.endswith(_STAR_END):
                node = node.beginnings.setdefault(word[:-1], _Node())
            else:
                node = node.words.setdefault(word, _Node())
        if (key, value) not in node.meanings:
            node.meanings.append((key, value))

    def may_begin(self, token: Token) -> bool:
        """Whether some phrase begins with a token."""
        return bool(self._begin(token.key))

    def longest(self, tokens: Sequence[Token], start: int) -> tuple[int, tuple[Meaning, ...]]:
        """Return the end of the longest phrase that begins at `start`, and all its meanings.

        The end equals `start` when no phrase begins there.
        """
        nodes = self._begin(tokens[start].key)
        best: tuple[int, tuple[Meaning, ...]] = (start, ())
        position = start + 1
        while nodes:
            meanings = tuple(dict.fromkeys(m for node in nodes for m in node.meanings))
            if meanings:
                best = (position, meanings)
            if position >= len(tokens):
                break
            nodes = [following for node in nodes for following in node.after(tokens[position].key)]
            position += 1
        return best

    def _begin(self, key: str) -> list[_Node]:
        known = self._first.get(key)
        if known is None:
            if len(self._first) >= _MAXIMUM_REMEMBERED:
                self._first.clear()
            known = self._first[key] = self._root.after(key)
        return known


def _joined(marked: str) -> list[str]:
    """Return the keys of a phrase, with each star back on its word."""
    keys: list[str] = []
    for key in phrase_keys(marked):
        if keys and (keys[-1] == _STAR_START or key == _STAR_END):
            keys[-1] += key
        else:
            keys.append(key)
    return keys
