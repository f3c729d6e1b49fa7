"""Size and power of every group test, by the project's real SQL on many independent groups.

One build holds thousands of groups whose members share nothing but their market: normal noise, no
gaps, no clustering, so that every test's assumptions hold. Size is the share of groups without an
effect in which a test rejects at 5 %; it is outside sampling error if a binomial with that chance
would stray so far in fewer than one of a hundred whole runs. The tests that divide by a standard
deviation over the members and then refer to a normal or a long series (grank, corrado_zivney) are
at about 5.9 % with 30 members by construction. Belongs here: drawing, counting, judging. Does not
belong here: any test statistic.

`python -m tests.benchmarks.monte_carlo`; exit code 1 if a size is outside, or a test is missing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from scipy import stats

from orchestration.defs.reference.tables import GROUP_TESTS
from tests.benchmarks.engine import Engine, models_in
from tests.benchmarks.synthetic import Shock, Universe, separate
from tests.benchmarks.upstream import Study, parents_of, write

LEVEL = 0.05
FALSE_ALARMS = 0.01  # of a whole run in which every test is right
EFFECTS = (0.005, 0.01, 0.02)
WINDOW = "[0,0]"
NULL_WINDOWS = (WINDOW, "[-1,+1]", "[0,+5]")
ESTIMATION = 200
DAY_0 = ESTIMATION + 22
LAST_SESSION = DAY_0 + 11


@dataclass(frozen=True)
class Share:
    """How many of the groups a test rejected in."""

    rejected: int
    groups: int

    @property
    def share(self) -> float:
        """Return the rejection share."""
        return self.rejected / self.groups if self.groups else float("nan")

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return Clopper and Pearson's interval."""
        found = stats.binomtest(self.rejected, self.groups).proportion_ci(confidence, "exact")
        return float(found.low), float(found.high)

    def is_outside(self, comparisons: int) -> bool:
        """Return whether the level is no explanation, with so many shares judged at once."""
        chance = stats.binomtest(self.rejected, self.groups, LEVEL).pvalue if self.groups else 0.0
        return bool(chance < FALSE_ALARMS / comparisons)


Shares = dict[tuple[str, str, float], Share]


def main() -> int:
    """Build, count, print; return the exit code."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(arguments.folder or temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        engine = Engine(folder, arguments.threads, arguments.memory)
        effects = [0.0] * arguments.groups + [
            effect for effect in EFFECTS for _ in range(arguments.power_groups)
        ]
        counted: Counter[tuple[str, str, float, str]] = Counter()
        for number in range(arguments.builds):
            _build(engine, effects, arguments, arguments.seed + number)
            counted.update(_counted(engine.warehouse, effects))
    shares = {
        key[:3]: Share(counted[*key[:3], "rejected"], count)
        for key, count in counted.items()
        if key[3] == "groups"
    }
    print(
        f"{arguments.builds} x {arguments.groups:,} groups of {arguments.members} without effect, "
        f"{arguments.power_groups:,} with each; {arguments.model}, {ESTIMATION} sessions\n"
        f"shares of p < {LEVEL:g} in percent"
    )
    _print_sizes(shares)
    if arguments.power_groups:
        _print_power(shares)
    return _judged(shares)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=1_000, help="without an effect")
    parser.add_argument("--power-groups", type=int, default=200, help="with each effect")
    parser.add_argument("--members", type=int, default=30)
    parser.add_argument("--model", default="market_model")
    parser.add_argument("--builds", type=int, default=1, help="repeat with the next seeds, add up")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, help="models at once; the profile's own if absent")
    parser.add_argument("--memory", help="DuckDB's memory limit, such as 4GB")
    parser.add_argument("--folder", help="keep the warehouse here and use its bars again")
    return parser.parse_args()


def _build(
    engine: Engine, effects: Sequence[float], arguments: argparse.Namespace, seed: int
) -> None:
    members = arguments.members
    universe = Universe(
        len(effects) * members, LAST_SESSION, seed, noise=(0.012, 0.018), gap_share=0.0
    )
    study = Study(
        return_type="log",  # the noise is normal in logs
        estimation_sessions=ESTIMATION,
        models=arguments.model,
        windows="0:0 -1:1 0:5",
    )
    manifest = engine.parsed()
    keys = models_in(manifest)
    write(
        engine.warehouse,
        parents_of(keys, manifest),
        universe,
        events=separate(universe, members, DAY_0),
        study=study,
        shock=Shock(DAY_0, np.repeat(effects, members)),
    )
    engine.run([manifest["nodes"][key]["name"] for key in keys])


def _counted(warehouse: Path, effects: Sequence[float]) -> Counter[tuple[str, str, float, str]]:
    """Count by test, window and effect; a group whose p-value is null was not tested."""
    given = pa.table({"effect": list(effects), "event": range(len(effects))})
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.register("given", given)
        rows = connection.execute(
            f"""
            select test, window_name, effect, count(*) filter (p_value < {LEVEL}), count(p_value)
            from marts.event_group_tests
            inner join given on event_id = printf('E%07d', event)
            where group_name = 'all'
            group by all
            """
        ).fetchall()
    counted: Counter[tuple[str, str, float, str]] = Counter()
    for test, window, effect, rejected, groups in rows:
        counted[test, window, effect, "rejected"] = rejected
        counted[test, window, effect, "groups"] = groups
    return counted


def _tests(shares: Shares) -> list[str]:
    found = {test for test, _, _ in shares}
    return [*(test for test in GROUP_TESTS if test in found), *sorted(found - set(GROUP_TESTS))]


def _null(shares: Shares) -> dict[tuple[str, str], Share]:
    """Return the shares without an effect; a window's test may be one for named windows only."""
    return {
        (test, window): shares[test, window, 0.0]
        for test in _tests(shares)
        for window in NULL_WINDOWS
        if (test, window, 0.0) in shares
    }


def _print_sizes(shares: Shares) -> None:
    null = _null(shares)
    print(f"\n{'size, with its 95 % interval':28}" + "".join(f"{w:>24}" for w in NULL_WINDOWS))
    for test in _tests(shares):
        line = f"{test:28}"
        for window in NULL_WINDOWS:
            share = null.get((test, window), Share(0, 0))
            if share.groups:
                low, high = share.interval()
                mark = "!" if share.is_outside(len(null)) else " "
                text = f"{100 * share.share:.1f}  ({100 * low:.1f} to {100 * high:.1f}){mark}"
            else:
                text = "not tested "
            line += f"{text:>24}"
        print(line)


def _print_power(shares: Shares) -> None:
    print(f"\n{f'power, {WINDOW}':28}" + "".join(f"{100 * e:>9.1f} %" for e in (0.0, *EFFECTS)))
    for test in _tests(shares):
        each = [shares.get((test, WINDOW, effect), Share(0, 0)) for effect in (0.0, *EFFECTS)]
        print(f"{test:28}" + "".join(f"{100 * share.share:>11.1f}" for share in each))


def _judged(shares: Shares) -> int:
    null = _null(shares)
    wrong = [f"{test} {window}" for (test, window), s in null.items() if s.is_outside(len(null))]
    missing = [test for test in GROUP_TESTS if (test, WINDOW) not in null]
    if wrong:
        print(f"\nsize outside sampling error: {', '.join(wrong)}", file=sys.stderr)
    if missing:
        print(f"\nmissing: {', '.join(missing)}", file=sys.stderr)
    return 1 if wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main())
