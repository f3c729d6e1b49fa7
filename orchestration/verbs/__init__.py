"""What `python -m orchestration` can do: one module for each verb, found by its presence here.

A verb's module has one function:

    def add_to(verbs: Verbs) -> None

It adds a parser and sets its default `do`, a function of the settings and the parsed arguments
that returns an exit code. An error that a person can mend is raised; `orchestration.__main__`
prints it.
"""

from __future__ import annotations

import argparse
from typing import TypeAlias

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

OK, FAILED, UNUSABLE = 0, 1, 2
