"""Which inputs a build was made from, and whether it ran to its end.

Belongs here: the fingerprint of everything that can change a mart, and the note beside the
warehouse that carries it from the build to the publication. Does not belong here: the content
of a mart (`contents`) and who may build (`orchestration.warehouse_lock`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from orchestration.defs.publishing.publication import Publication, PublicationError, current
from orchestration.settings import DBT_PROJECT_DIR, ROOT, Settings

# What readers were told follows from what was published; landing it changes no mart.
_NO_INPUTS = {"published_verdicts"}
_MADE_BY_DBT = {"target", "logs", "dbt_packages"}


@dataclass(frozen=True)
class Build:
    """A build that ran to its end.

    Attributes:
        inputs: the fingerprint taken before it began.
        version: the publication that carries its content; empty until it is published.
        code: the part of that fingerprint that is no data.
        warehouse: size and time of the file that it left.
    """

    inputs: str
    version: str = ""
    code: str = ""
    warehouse: str = ""


def inputs_fingerprint(settings: Settings) -> str:
    """Return a SHA-256 over all that the marts are computed from.

    That is the names of the landed files (a name carries its content's hash; what was published
    before is no input), the sources in
    `dbt_project/`, the Python files of `orchestration/` and `uv.lock`. No mart is opened.
    """
    digest = hashlib.sha256()
    for name in sorted(_landed_names(settings.landing_dir)):
        digest.update(f"landed {name}\n".encode())
    digest.update(code_fingerprint().encode())
    return digest.hexdigest()


def code_fingerprint() -> str:
    """Return a SHA-256 over the sources that the marts are computed by."""
    digest = hashlib.sha256()
    for source in sorted(_sources()):
        content = hashlib.sha256(source.read_bytes()).hexdigest()
        digest.update(f"source {source.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()


def build_record(settings: Settings) -> Path:
    """Return the note beside the warehouse."""
    return settings.warehouse_path.with_name(settings.warehouse_path.name + ".build.json")


def forget_build(settings: Settings) -> None:
    """Say that the warehouse may hold anything: call it before the first write."""
    build_record(settings).unlink(missing_ok=True)


def record_build(settings: Settings, build: Build) -> None:
    """Say that the warehouse holds the whole outcome of one build.

    Raises:
        OSError: the disk refuses; names the file.
    """
    record = build_record(settings)
    temporary = record.with_name(f".{record.name}.tmp")
    try:
        temporary.write_text(json.dumps(asdict(build)))
        temporary.replace(record)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(record)) from error


def recorded_build(settings: Settings) -> Build | None:
    """Return the build that the warehouse holds whole, or None."""
    try:
        note = json.loads(build_record(settings).read_text())
        return Build(**{field.name: str(note[field.name]) for field in fields(Build)})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def published_from(settings: Settings, inputs: str) -> Publication | None:
    """Return the current publication when it already carries what these inputs give.

    It does when it was built from them, or when a later build from them gave the same content
    and so made no new version, and the second target, where one is set, has taken it. Then there
    is nothing to build, check or publish.
    """
    try:
        publication = current(settings.published_dir)
    except PublicationError:
        return None
    if publication is None or _is_owed(settings, publication):
        return None
    build = recorded_build(settings)
    is_same = publication.inputs == inputs or (
        build is not None and build.inputs == inputs and build.version == publication.version
    )
    return publication if is_same else None


def note_served(settings: Settings, publication: Publication) -> None:
    """Say that the second target holds a publication."""
    _served_note(settings).write_text(_served(settings, publication))


def _is_owed(settings: Settings, publication: Publication) -> bool:
    """Tell whether a second target is set and is not known to hold the publication."""
    note = _served_note(settings)
    held = note.read_text() if note.exists() else ""
    return settings.postgres_url is not None and held != _served(settings, publication)


def _served_note(settings: Settings) -> Path:
    return settings.data_dir / "postgres.served"


def _served(settings: Settings, publication: Publication) -> str:
    """Return a version and its target, which may hold a password and is kept as a digest."""
    target = hashlib.sha256(str(settings.postgres_url).encode()).hexdigest()
    return f"{publication.version} {target}"


def _landed_names(landing: Path) -> Iterator[str]:
    for folder, below, names in os.walk(landing):
        below[:] = [name for name in below if name not in _NO_INPUTS]
        for name in names:
            if name.endswith(".parquet") and not name.startswith("."):
                yield (Path(folder) / name).relative_to(landing).as_posix()


def _sources() -> Iterator[Path]:
    yield ROOT / "uv.lock"
    for folder, below, names in os.walk(DBT_PROJECT_DIR):
        below[:] = [name for name in below if name not in _MADE_BY_DBT]
        yield from (Path(folder) / name for name in names if name != ".user.yml")
    yield from (ROOT / "orchestration").rglob("*.py")
