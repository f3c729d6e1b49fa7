"""Digits as printed, in the form of any language, to plain decimal text.

Belongs here: decimal and group marks. Does not belong here: units and number words (`figures`).
"""

from __future__ import annotations

from orchestration.defs.claims.language import Language

_MAXIMUM_DIGITS = 18


def plain_number(printed: str, language: Language) -> str | None:
    """Return digits as printed in a language's form as plain decimal text.

    A mark that cannot be a group (not three digits behind it) is read as the decimal mark, since
    tables are often copied from another language's form. None when neither fits.
    """
    marks = [sign for sign in printed if not sign.isdigit()]
    if sum(map(str.isdigit, printed)) > _MAXIMUM_DIGITS:
        return None
    if not marks:
        return printed
    whole, last, tail = printed.rpartition(marks[-1])
    if last == "\u2019":
        last = "'"
    is_group = len(tail) == 3 and (last in language.group or last != language.decimal)
    if is_group and last == language.decimal:
        is_group = False
    groups = printed if is_group else whole
    parts = _split(groups)
    if len(set(marks[: len(marks) - (0 if is_group else 1)])) > 1:
        return None
    if any(len(part) != 3 for part in parts[1:]) or (len(parts) > 1 and len(parts[0]) > 3):
        return None
    return "".join(parts) if is_group else f"{''.join(parts)}.{tail}"


def _split(printed: str) -> list[str]:
    return "".join(sign if sign.isdigit() else " " for sign in printed).split()
