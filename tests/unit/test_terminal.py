"""The terminal: one plain line per message, and text from outside cannot move the cursor."""

from __future__ import annotations

import io
import logging

import pytest

from orchestration.terminal import StepLines


@pytest.mark.parametrize(
    ("message", "level", "shown"),
    [
        ("articles: 3 new", logging.INFO, "articles: 3 new"),
        ("bad\x1b[2J.md was rejected", logging.WARNING, "bad?[2J.md was rejected"),
        (
            "Skipping step quality due to skipped dependencies: ['x'].",
            logging.INFO,
            "quality: skipped",
        ),
        ("op 'warehouse' did not yield or return expected outputs {'a'}.", logging.INFO, None),
        ("a detail", logging.DEBUG, None),
    ],
)
def test_a_message_becomes_one_plain_line_or_none(
    message: str, level: int, shown: str | None
) -> None:
    stream = io.StringIO()
    record = logging.LogRecord("x", level, "x.py", 1, message, None, None)
    StepLines(stream).emit(record)
    assert stream.getvalue().partition(" s  ")[2] == ("" if shown is None else f"{shown}\n")
