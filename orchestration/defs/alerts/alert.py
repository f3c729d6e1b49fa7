"""What an alert is and how it reads.

Belongs here: the kinds, their words, and making text from outside plain. Does not belong here: when
there is one (`conditions`, `runs`) and how it travels (`sinks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

KINDS = {
    "run_failure": ("run failure", "run failures"),
    "check_failure": ("blocking check failure", "blocking check failures"),
    "stale_data": ("stale exchange", "stale exchanges"),
    "verdict_flip": ("changed verdict", "changed verdicts"),
}
SHOWN = 50
_LONGEST = 1000


@dataclass(frozen=True)
class Alert:
    """One thing to tell, plain text throughout.

    Attributes:
        kind: a key of `KINDS`.
        key: names the state that it is about; while that lasts it is told once.
        text: one line for a person.
    """

    kind: str
    key: str
    text: str


def alert(kind: str, subject: str, text: str) -> Alert:
    """Return an alert whose words can neither end a line nor steer a terminal or a mail header."""
    return Alert(kind, f"{kind}:{plain(subject)}", plain(text))


def plain(text: str) -> str:
    """Return text as one line of printable characters, at most 1,000 of them."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(printable.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def subject(alerts: Sequence[Alert]) -> str:
    """Return what is told in one line, such as `Aftershock: 1 run failure, 2 changed verdicts`."""
    counts = Counter(alert.kind for alert in alerts)
    told = [
        f"{counts[kind]} {one if counts[kind] == 1 else many}"
        for kind, (one, many) in KINDS.items()
        if counts[kind]
    ]
    return f"Aftershock: {', '.join(told)}"


def body(alerts: Sequence[Alert]) -> str:
    """Return a line for each alert; of many the first fifty and how many more there are."""
    lines = [f"{KINDS[alert.kind][0]}: {alert.text}" for alert in alerts[:SHOWN]]
    if len(alerts) > SHOWN:
        lines.append(f"and {len(alerts) - SHOWN} more")
    return "\n".join(lines)


def records(alerts: Sequence[Alert]) -> list[dict[str, str]]:
    """Return the first fifty as dictionaries, for a program that reads them."""
    return [asdict(alert) for alert in alerts[:SHOWN]]
