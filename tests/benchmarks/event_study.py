"""`make bench`: the real event-study models over a made-up universe, beside other ways to do it.

Whole processes on the same warehouse file in one run, medians of several rounds, ratios of CPU
seconds. No thresholds here: the README states the targets and what was measured. An event here is
one instrument around one announcement; `--members` of them share the announcement, in two groups.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import duckdb

from tests.benchmarks.agreement import disagreement
from tests.benchmarks.engine import MARTS, Engine, models_in
from tests.benchmarks.panel import MODELS
from tests.benchmarks.processes import Cost, measured
from tests.benchmarks.synthetic import Universe, scattered
from tests.benchmarks.upstream import Parent, Study, parents_of, write

SCAN = "scan the inputs, write the outputs"
EMPTY = "dbt itself (--empty)"
ENGINE = "dbt run of the engine"
NUMPY = "vectorised numpy to Parquet"
PANDAS = "vectorised pandas to Parquet"
LOOP = "statsmodels loop, extrapolated"
LIKE_FOR_LIKE = "cross_sectional_t patell_z bmp_t"

Figures = dict[str, list[Cost]]


def main() -> None:
    """Print medians and ratios."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(arguments.folder or temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        _compare(Engine(folder, arguments.threads, arguments.memory), arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000, help="event-instrument pairs")
    parser.add_argument("--members", type=int, default=20, help="instruments of one event")
    parser.add_argument("--bars", type=int, default=2_000_000)
    parser.add_argument("--sessions", type=int, default=6_300, help="length of each history")
    parser.add_argument("--models", default="market_model", help="space-separated")
    parser.add_argument("--tests", default=LIKE_FOR_LIKE, help="space-separated; all for every one")
    parser.add_argument("--windows", default=Study.windows, help="space-separated first:last")
    parser.add_argument("--factors", help="of multi_factor: benchmark size value momentum")
    parser.add_argument("--pooled", choices=("event", "study"), default="event")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=300, help="pairs of the statsmodels loop")
    parser.add_argument("--threads", type=int, help="models at once; the profile's own if absent")
    parser.add_argument("--memory", help="DuckDB's memory limit, such as 4GB")
    parser.add_argument("--folder", help="keep the warehouse here and use its bars again")
    parser.add_argument("--without-rivals", action="store_true", help="the engine and the floor")
    return parser.parse_args()


def _compare(engine: Engine, arguments: argparse.Namespace) -> None:
    universe = Universe(max(1, arguments.bars // arguments.sessions), arguments.sessions)
    study = Study(
        models=arguments.models,
        tests=None if arguments.tests == "all" else arguments.tests,
        windows=arguments.windows,
        factors=arguments.factors,
        pooled=arguments.pooled,
    )
    events = scattered(universe, arguments.events, arguments.members)
    manifest = engine.parsed()
    keys = models_in(manifest)
    models = [manifest["nodes"][key]["name"] for key in keys]
    parents = parents_of(keys, manifest)
    write(engine.warehouse, parents, universe, events=events, study=study)
    figures: Figures = defaultdict(list)
    nodes: dict[str, list[float]] = defaultdict(list)
    is_compared = not arguments.without_rivals and bool(set(study.models.split()) & set(MODELS))
    for _ in range(arguments.rounds):
        figures[EMPTY].append(engine.run(models, is_empty=True).cost)
        run = engine.run(models)
        figures[ENGINE].append(run.cost)
        for name, seconds in run.seconds.items():
            nodes[name].append(seconds)
        figures[SCAN].append(_rival(engine, "scan_and_copy", "copy.duckdb", *_names(parents)))
        if is_compared:
            figures[NUMPY].append(_rival(engine, "vectorised", "numpy"))
            if "market_model" in study.models.split() and study.pooled == "event":
                figures[PANDAS].append(_rival(engine, "pandas_merge", "pandas"))
            figures[LOOP].append(_loop(engine, arguments))
    print(
        f"{universe.instruments:,} instruments x {universe.sessions:,} sessions, "
        f"{len(events.event):,} event-instruments of {len(events.day_0s):,} events\n"
        f"models: {study.models}; tests: {study.tests or 'all'}; windows: {study.windows}; "
        f"{arguments.rounds} rounds"
    )
    if is_compared and (left_out := set(study.models.split()) - set(MODELS)):
        print(f"numpy and statsmodels leave out {', '.join(sorted(left_out))}")
    if is_compared:
        print(
            "pandas has market_model only; none of the three has the diagnostics of an estimation"
        )
    if is_compared and study.tests != LIKE_FOR_LIKE:
        print(f"numpy and pandas have the group tests {LIKE_FOR_LIKE} only, statsmodels none")
    _print_figures(figures)
    _print_nodes(nodes)
    _print_sizes(engine.warehouse)
    for name, out in ((NUMPY, "numpy"), (PANDAS, "pandas")):
        if name in figures:
            if found := disagreement(engine.warehouse, engine.folder / out):
                raise SystemExit(f"{name} and the engine disagree in {found}")
            print(f"{name} and the engine agree on every number that both wrote")


def _names(parents: list[Parent]) -> list[str]:
    return [parent.relation for parent in parents]


def _rival(engine: Engine, module: str, out: str, *arguments: str) -> Cost:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", str(engine.warehouse)]
    log = engine.folder / f"{module}.log"
    return measured([*command, str(engine.folder / out), *arguments], os.environ, log)


def _loop(engine: Engine, arguments: argparse.Namespace) -> Cost:
    command = [sys.executable, "-m", "tests.benchmarks.statsmodels_loop", str(engine.warehouse)]
    log = engine.folder / "statsmodels_loop.log"
    cost = measured([*command, str(arguments.sample)], os.environ, log)
    seconds = float(cost.printed.split()[-1]) * arguments.events
    return Cost(seconds, seconds, cost.peak, str(seconds))


def _print_figures(figures: Figures) -> None:
    """Print medians. Work is CPU without starting up: a rival prints its own, for dbt it is what
    the run costs beyond the same run over no rows. Ratios are of work."""
    fixed = _median(cost.cpu for cost in figures[EMPTY])
    work = {
        name: _median(cost.cpu - fixed if name == ENGINE else _printed(cost) for cost in each)
        for name, each in figures.items()
        if name != EMPTY
    }
    columns = ("cpu s", "wall s", "peak MB", "work s", "x scan", "x engine")
    print(f"\n{'':34}" + "".join(f"{column:>9}" for column in columns))
    for name, each in figures.items():
        cpu, wall = _median(cost.cpu for cost in each), _median(cost.wall for cost in each)
        line = f"{name:34}{cpu:9.2f}{wall:9.2f}{_median(cost.peak for cost in each):9.0f}"
        if name in work:
            ratios = (work[name] / work[SCAN], work[name] / work[ENGINE])
            line += "".join(f"{value:9.2f}" for value in (work[name], *ratios))
        print(line)


def _printed(cost: Cost) -> float:
    return float(cost.printed.split()[-1])


def _median(values: Iterable[float]) -> float:
    return statistics.median(list(values))


def _print_nodes(nodes: dict[str, list[float]]) -> None:
    seconds = {name: statistics.median(each) for name, each in nodes.items()}
    print(f"\nseconds by model, {sum(seconds.values()):.2f} in all:")
    for name in sorted(seconds, key=lambda name: -seconds[name])[:15]:
        print(f"  {name:32}{seconds[name]:9.2f}")


def _print_sizes(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, estimated_size from duckdb_tables() "
            "where schema_name = 'marts' or table_name = 'int_paired_returns' order by all"
        ).fetchall()
    print("\nrows:")
    for name, count in rows:
        if name in (*MARTS, "int_paired_returns"):
            print(f"  {name:32}{count:>14,}")


if __name__ == "__main__":
    main()
