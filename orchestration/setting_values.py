"""What the value of a setting may look like: each kind with its check and its mend.

Belongs here: kinds of values. Does not belong here: which settings there are (`settings`), and the
environment, which only that module reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")


class SettingError(ValueError):
    """A setting cannot be used. The message names the setting, the value and the mend."""

    def __init__(self, name: str, value: str, mend: str) -> None:
        super().__init__(f"{name}={value!r} cannot be used: {mend}")


class Values:
    """The given values by name of setting; each method checks one and raises SettingError."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def has(self, name: str) -> bool:
        """Tell whether the setting is given."""
        return name in self._given

    def directory(self, name: str, default: Path) -> Path:
        """Return a directory's full path."""
        value = self._given.get(name, str(default))
        if not value.strip():
            raise SettingError(name, value, "give a directory, or unset it for the default.")
        if "," in value:
            # DuckDB's search path for the landed files is a comma-separated list
            raise SettingError(name, value, "give a directory without a comma in its name.")
        return Path(value).expanduser().resolve()

    def one_of(self, name: str, default: str, choices: list[str]) -> str:
        """Return one word of the choices."""
        value = self._given.get(name, default)
        if value not in choices:
            raise SettingError(name, value, f"choose one of {', '.join(choices)}.")
        return value

    def some_of(self, name: str, default: str, choices: list[str]) -> tuple[str, ...]:
        """Return several of the choices, in their order."""
        value = self._given.get(name, default)
        words = tuple(word for word in re.split(r"[,\s]+", value) if word)
        if not words or not set(words) <= set(choices):
            raise SettingError(name, value, f"choose one of {', '.join(choices)}, or several.")
        if len(set(words)) < len(words):
            raise SettingError(name, value, "name each once, the one to ask first in front.")
        return words

    def address(self, name: str, path: str = "") -> str | None:
        """Return the address of a server, with a path of this pattern behind it."""
        value = self._given.get(name)
        if value is not None and not re.fullmatch(rf"https?://[A-Za-z0-9.:\[\]-]+{path}", value):
            example = "http://host:port or https://host:port" + ("/path/" if path else "")
            raise SettingError(name, value, f"give {example}.")
        return value

    def secret_address(self, name: str, pattern: str, example: str) -> str | None:
        """Return an address that may hold a password; no error shows it."""
        value = self._given.get(name)
        fits = re.fullmatch(pattern, value or "")
        if value is not None and (fits is None or int(fits.groupdict().get("port") or 0) > 65535):
            # it may hold a password: its value is not shown
            raise SettingError(name, "…", f"give {example}.")
        return value

    def mail_addresses(self, name: str) -> tuple[str, ...]:
        """Return addresses of mail."""
        value = self._given.get(name)
        found = tuple(part.strip() for part in (value or "").split(",") if part.strip())
        if value is not None and not (found and all(map(_MAIL_ADDRESS.fullmatch, found))):
            raise SettingError(name, value, "give name@host, several with commas between.")
        return found

    def day(self, name: str, default: str) -> date:
        """Return a day."""
        value = self._given.get(name, default)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise SettingError(name, value, "give a day as YYYY-MM-DD.")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise SettingError(name, value, f"give a day that exists ({error}).") from error

    def seconds(self, name: str, default: str) -> float:
        """Return a number of seconds."""
        value = self._given.get(name, default)
        if not re.fullmatch(r"\d+(\.\d+)?", value):
            raise SettingError(name, value, "give a number of seconds, 0 or more.")
        return float(value)
