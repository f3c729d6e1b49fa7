"""What a person reads when a study is done.

Belongs here: wording. Does not belong here: any number of its own: all of them are
columns of the exported marts, or counts of their rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.defs.publishing.contents import literal
from orchestration.layout import aligned, number, plain, probability
from orchestration.study.reference import MIC

if TYPE_CHECKING:
    import duckdb

SHOWN_TESTS = ("cross_sectional_t", "bmp_t", "bmp_adjusted_t", "patell_z", "corrado_rank_z")
MOST_ROWS = 40

_PAIRS = "select count(*) from (select distinct event_id, study_id, symbol from {results})"
_REASONS = """
    select
        reason,
        count(*),
        list(event_id || ' ' || symbol || ': ' || detail order by event_id, symbol)[1:3]
    from {exclusions}
    group by reason
    order by count(*) desc, reason
"""
_INCIDENTS = """
    select reason, count(*), count(distinct symbol) from {incidents}
    where is_quarantined group by reason order by reason
"""
# days are windows too; the table of a paper has no room for them
_CAARS = """
    select
        coalesce(event_id, 'all events') as event, group_name, model, window_name,
        any_value(n), any_value(caar_pct), any_value(positive),
        map_from_entries(list((test, (statistic, p_value)))) as tests
    from {tests}
    where is_named_window
    group by event, group_name, model, window_name
    order by
        group_name <> 'all', group_name, event, model,
        cast(regexp_extract(window_name, '[-+0-9]+') as integer),
        cast(regexp_extract(window_name, ',([-+0-9]+)', 1) as integer)
"""


def summary(results: Path, without_events: int) -> str:
    """Return what a study found, in lines for a terminal.

    Args:
        results: the folder of the exported marts.
        without_events: instruments of the prices file that were left out.
    """
    import duckdb

    marts = {
        name: f"read_parquet({literal(results / f'{mart}.parquet')})"
        for name, mart in {
            "results": "event_study_results",
            "tests": "event_group_tests",
            "exclusions": "event_exclusions",
            "incidents": "price_incidents",
        }.items()
    }
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        lines = [*_counts(connection, marts, without_events), ""]
        lines += _caars(connection, marts)
    return "\n".join(plain(line) for line in lines)


def _counts(
    connection: duckdb.DuckDBPyConnection, marts: dict[str, str], without_events: int
) -> list[str]:
    def rows(sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = connection.execute(sql.format(**marts)).fetchall()
        return found

    excluded = rows(_REASONS)
    lines = [
        f"studied      {rows(_PAIRS)[0][0]} pairs of event and instrument",
        f"excluded     {sum(count for _, count, _ in excluded)}",
    ]
    for reason, count, examples in excluded:
        lines += [f"  {count} {reason}, such as", *(f"      {each}" for each in examples)]
    incidents = rows(_INCIDENTS)
    lines.append(f"quarantined  {sum(count for _, count, _ in incidents)} prices")
    for reason, count, symbols in incidents:
        lines.append(f"  {count} {reason}, {symbols} symbols{_MENDS.get(reason, '')}")
    if without_events:
        lines.append(f"left out     {without_events} instruments without an event")
    return [line.replace(f"calendar of {MIC}", "benchmark") for line in lines]


_MENDS = {
    "missing": " (the benchmark has the date, the instrument has no price)",
    "off_calendar": " (the benchmark has no such date)",
    "suspected_split": " (ADJUSTED=1 if these jumps are real)",
}


def _caars(connection: duckdb.DuckDBPyConnection, marts: dict[str, str]) -> list[str]:
    found = connection.execute(_CAARS.format(**marts)).fetchall()
    shown = [test for test in SHOWN_TESTS if any(test in row[7] for row in found)]
    heads = ["event", "group", "model", "window", "n", "CAAR %", "positive"]
    table = [heads + [f"{test} (p)" for test in shown]]
    for event, group, model, window, n, caar, positive, tests in found[:MOST_ROWS]:
        cells = [event, group, model, window, str(n), number(caar, "+.3f"), str(positive)]
        for test in shown:
            statistic, p_value = tests.get(test) or (None, None)
            cells.append(f"{number(statistic, '.3f')} ({probability(p_value)})")
        table.append(cells)
    if not found:
        return ["no window of any event is complete"]
    lines = aligned(table)
    if len(found) > MOST_ROWS:
        lines.append(f"and {len(found) - MOST_ROWS} more in event_group_tests.csv")
    return lines
