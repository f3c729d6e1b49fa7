"""Who was named last, so that "the company" and "its shares" mean somebody.

Belongs here: the memory from sentence to sentence. Does not belong here: what is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.defs.claims.heads import ANY, INDEX, NAME, Head
from orchestration.defs.claims.subjects import Subject


@dataclass(slots=True)
class Context:
    """The last named company and index of a part of an article."""

    company: Subject | None = None
    index: Subject | None = None
    last: Subject | None = None

    def resolve(
        self, head: Head | None, found: Sequence[Head] = ()
    ) -> tuple[list[Subject], set[str]]:
        """Return the subjects that a head means, and the doubts of that reading.

        Args:
            head: a name or a word that stands for one.
            found: the heads of its clause: a name before a pronoun is the one it means.
        """
        if head is None:
            return [], set()
        if head.kind == NAME:
            unknown = all(subject.kind == "unknown" for subject in head.subjects)
            return head.subjects, {"unknown_subject"} if unknown else set()
        names = [other for other in found if other.kind == NAME and other.end <= head.start]
        fitting = [
            subject
            for subject in (names[-1].subjects if names else ())
            if head.kind == ANY or (head.kind == INDEX) == (subject.kind == "index")
        ]
        if fitting:
            return fitting, {"pronoun"}
        last = {ANY: self.last, INDEX: self.index}.get(head.kind, self.company)
        return ([last], {"pronoun"}) if last is not None else ([], set())

    def note(self, found: Sequence[Head]) -> None:
        """Remember the names of a clause."""
        for head in found:
            for subject in head.subjects:
                if subject.kind == "company":
                    self.company = self.last = subject
                elif subject.kind == "index":
                    self.index = self.last = subject
