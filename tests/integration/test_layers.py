"""The rules of the house, held against the manifest and the source files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from orchestration.defs.reference.rules import FACTOR_SLOTS
from orchestration.defs.reference.tables import GROUP_TESTS
from tests.conftest import ROOT, Deployment, Finished

LAYERS = ["staging", "intermediate", "marts"]


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }


def _layer(node: dict[str, Any]) -> str:
    return str(node["fqn"][1])


def test_models_depend_on_their_own_layer_or_the_ones_before(
    models: dict[str, dict[str, Any]],
) -> None:
    wrong = []
    for node in models.values():
        for parent in node["depends_on"]["nodes"]:
            if parent.startswith("source"):
                if _layer(node) != "staging":
                    wrong.append(f"{node['name']} reads {parent}")
            elif LAYERS.index(_layer(models[parent])) > LAYERS.index(_layer(node)):
                wrong.append(f"{node['name']} reads {models[parent]['name']}")
    assert wrong == []


def test_no_mart_reads_another_mart(models: dict[str, dict[str, Any]]) -> None:
    wrong = [
        f"{node['name']} reads {models[parent]['name']}"
        for node in models.values()
        if _layer(node) == "marts"
        for parent in node["depends_on"]["nodes"]
        if _layer(models[parent]) == "marts"
    ]
    assert wrong == []


def test_every_model_and_column_is_described(models: dict[str, dict[str, Any]]) -> None:
    missing = [
        f"{node['name']}.{column['name']}" if column else node["name"]
        for node in models.values()
        for column in [None, *node["columns"].values()]
        if not (column or node)["description"]
    ]
    assert missing == []


def test_every_mart_has_an_enforced_contract(models: dict[str, dict[str, Any]]) -> None:
    for node in models.values():
        if _layer(node) == "marts":
            assert node["config"]["contract"]["enforced"], node["name"]
            assert all(column["data_type"] for column in node["columns"].values()), node["name"]


def test_every_model_with_a_window_date_arithmetic_or_a_case_has_a_unit_test(
    models: dict[str, dict[str, Any]], manifest: dict[str, Any]
) -> None:
    needs = re.compile(r"\bover\b|\bqualify\b|\bcase\b|\bdate_|\binterval\s+\d|\basof\b", re.I)
    tested = {
        parent for test in manifest["unit_tests"].values() for parent in test["depends_on"]["nodes"]
    }
    untested = [
        node["name"]
        for unique_id, node in models.items()
        if needs.search(re.sub(r"--.*|\{#.*?#\}", "", node["raw_code"])) and unique_id not in tested
    ]
    assert untested == []


def test_the_manifest_holds_no_path_of_this_machine(first_run: tuple[Deployment, Finished]) -> None:
    data_dir = first_run[0].data_dir
    sources = json.loads((data_dir / "dbt_target" / "manifest.json").read_text())["sources"]
    assert str(data_dir) not in json.dumps(sources)


@pytest.mark.parametrize(
    ("pattern", "suffix", "most", "median"),
    [("orchestration", ".py", 250, 100), ("dbt_project/models", ".sql", 120, 60)],
)
def test_files_stay_small(pattern: str, suffix: str, most: int, median: int) -> None:
    sizes = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / pattern).rglob(f"*{suffix}")
    }
    assert {path.name: size for path, size in sizes.items() if size > most} == {}
    assert sorted(sizes.values())[len(sizes) // 2] <= median


def test_the_words_of_a_study_are_those_of_the_models() -> None:
    named = re.findall(
        r"'name': '(\w+)'", _words(ROOT / "dbt_project" / "macros" / "group_tests.sql")
    )
    assert named == list(GROUP_TESTS)
    assert f"factor_slots: {FACTOR_SLOTS}\n" in _words(ROOT / "dbt_project" / "dbt_project.yml")


def test_the_environment_is_read_in_one_module() -> None:
    touching = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "orchestration").rglob("*.py")
        if re.search(r"os\.environ|os\.getenv", path.read_text(encoding="utf-8"))
    }
    assert touching == {
        "orchestration/settings.py",
        # these two only tell a library what the settings chose
        "orchestration/defs/warehouse/dbt.py",
        "orchestration/defs/quality/validation.py",
    }


def _words(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_readme_names_only_verbs_and_paths_that_exist() -> None:
    readme = _words(ROOT / "README.md")
    verbs = set(re.findall(r"^([a-z-]+):", _words(ROOT / "Makefile"), re.M))
    assert set(re.findall(r"`make ([a-z-]+)", readme)) <= verbs
    code = re.findall(r"`([\w./-]+/[\w./-]*)`", readme)
    made_at_run_time = (
        "data/landing",
        "data/published",
        "data/inbox",
        "data/studies",
        "data/asof",
        "data/drop",
        "published/",
        "landing/",
    )
    absent = [
        path
        for path in code
        if not path.startswith(made_at_run_time) and not (ROOT / path).exists()
    ]
    assert absent == []


def test_readme_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", _words(ROOT / "README.md")):
        assert (ROOT / target).exists(), target


def test_readme_shows_the_table_that_a_run_prints(first_run: tuple[Deployment, Finished]) -> None:
    readme = _words(ROOT / "README.md")
    printed = [
        line
        for line in first_run[1].output.splitlines()
        if re.match(r"econ|trends|claims found", line)
    ]
    assert len(printed) == 24
    assert [line for line in printed if line not in readme] == []


def test_every_source_is_read_as_of_a_moment(models: dict[str, dict[str, Any]]) -> None:
    reading = {
        node["name"]: node["raw_code"]
        for node in models.values()
        if any(parent.startswith("source") for parent in node["depends_on"]["nodes"])
    }
    # what changed since the build before is nothing in a build as of a moment, which has none
    since_last_build = {"stg_changed_bars", "stg_price_changes"}
    assert since_last_build < set(reading)
    # the two macros that leave out what landed after `as_of`; nothing else may read a source
    assert {
        name
        for name, code in reading.items()
        if "source(" in code or not re.search(r"\b(landed|latest_snapshot)\(", code)
    } == since_last_build


UNIT_NAMES = re.compile(
    r"_(pct|usd|sessions|shares|days|hours|characters|figures|claims|t|z)$|r_squared|beta|p_value"
)
UNIT_WORDS = re.compile(
    r"percent|fraction|pure number|currency|unit|[Dd]egrees of freedom|shares|0 to 1|-1 to 1"
    r"|probability|ratio|index|[Pp]osition|Dense number|in characters|standard deviations|z-score"
    r"|[Pp]er |points|days|^(Number of|How many|Rows|Sessions|Instruments|Returns|Claims|Articles)"
    r"|^(Specifications|Share)"
)


def test_every_number_in_a_mart_has_a_unit(models: dict[str, dict[str, Any]]) -> None:
    unitless = [
        f"{node['name']}.{column['name']}: {column['description']}"
        for node in models.values()
        if _layer(node) == "marts"
        for column in node["columns"].values()
        if column["data_type"] in {"double", "integer", "bigint"}
        and not UNIT_NAMES.search(column["name"])
        and not UNIT_WORDS.search(column["description"])
    ]
    assert unitless == []
