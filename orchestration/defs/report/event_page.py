"""What the page of an event shows: day 0, moves, returns around it, tests, specifications."""

from __future__ import annotations

from typing import Any

from orchestration.defs.report.event_returns import (
    ALL,
    main_model,
    returns_around,
    specifications,
)
from orchestration.defs.report.marts import Marts, Row, Shown
from orchestration.defs.report.plots import returns_plot, specification_plot

# Of the instruments of one event, those that moved most.
MOST_RANKED = 60
MOST_PLOTTED = 24
MOST_ESTIMATIONS = 200


def event_page(marts: Marts, event_id: str, *, is_full: bool) -> dict[str, Any]:
    """Return what the template of an event needs.

    Args:
        marts: the publication.
        event_id: the event.
        is_full: with plots, specification curves, estimations and every test; else only day 0,
            the ranked moves and the tests of all instruments in the main model.
    """
    (event,) = marts.rows("select * from events where event_id = ?", event_id)
    return {
        "event": event,
        "is_full": is_full,
        "sessions": marts.rows(
            "select * from event_sessions where event_id = ? order by day_0_closes_at, mic",
            event_id,
        ),
        "studies": [
            _study(marts, event_id, study) | (_further(marts, event_id, study) if is_full else {})
            for study in event["studies"].split()
        ],
    }


def _study(marts: Marts, event_id: str, study_id: str) -> dict[str, Any]:
    """Return the parts that every page of an event has."""
    model = main_model(marts, event_id, study_id)
    return {
        "study_id": study_id,
        "model": model,
        "moves": None if model is None else _ranked(marts, event_id, study_id, model),
        "missing": marts.first(
            MOST_RANKED,
            """
            select symbol, window_name, null_reason from event_study_results
            where event_id = ? and study_id = ? and model = ? and car_pct is null
            order by symbol, sessions_expected, window_name
            """,
            event_id,
            study_id,
            model,
        ),
        "windows": _windows(marts, event_id, study_id),
        "tests": _tests(marts, event_id, study_id, model)[:1],
        "exclusions": marts.first(
            MOST_RANKED,
            """
            select exclusions.*, instruments.name
            from event_exclusions as exclusions
            left join instruments using (symbol)
            where event_id = ? and study_id = ?
            order by symbol
            """,
            event_id,
            study_id,
        ),
    }


def _further(marts: Marts, event_id: str, study_id: str) -> dict[str, Any]:
    """Return what only a full page has, most of its bytes."""
    model = main_model(marts, event_id, study_id)
    plotted = model and returns_around(marts, event_id, study_id, model, MOST_PLOTTED)
    return {
        "plotted": plotted,
        "plots": [{**row, "svg": returns_plot(row)} for row in plotted.rows] if plotted else [],
        "tests": _tests(marts, event_id, study_id, model),
        "estimations": marts.first(
            MOST_ESTIMATIONS,
            """
            select * from event_estimations
            where event_id = ? and study_id = ?
            order by model <> ?, model, symbol
            """,
            event_id,
            study_id,
            model,
        ),
        "curves": [
            {
                "window": window,
                "svg": specification_plot(rows),
                "share_significant": rows[0]["share_significant"],
                "specifications": rows[0]["specifications"],
            }
            for window, rows in specifications(marts, event_id, study_id).items()
        ],
    }


def _windows(marts: Marts, event_id: str, study_id: str) -> list[str]:
    """Return the named windows from the shortest to the longest."""
    found = marts.rows(
        """
        select window_name from event_study_results
        where event_id = ? and study_id = ?
        group by window_name
        order by max(sessions_expected), window_name
        """,
        event_id,
        study_id,
    )
    return [row["window_name"] for row in found]


def _ranked(marts: Marts, event_id: str, study_id: str, model: str) -> Shown:
    """Return instruments' day 0 with their CAR by window, from the deepest fall upwards."""
    moves = marts.first(
        MOST_RANKED,
        """
        select
            days.*,
            instruments.name,
            bars.move_pct,
            bars.close,
            bars.currency,
            days.p_value < 0.05 as is_significant,
            abs(days.abnormal_return_pct) / nullif(max(abs(days.abnormal_return_pct)) over (), 0)
                as share_of_largest,
        from event_window_returns as days
        inner join instruments using (symbol)
        left join daily_returns as bars
            on days.symbol = bars.symbol and days.session_date = bars.session_date
        where
            days.event_id = ? and days.study_id = ? and days.model = ?
            and days.relative_session = 0
        order by abs(days.abnormal_return_pct) desc nulls last, days.symbol
        """,
        event_id,
        study_id,
        model,
    )
    cars: dict[str, dict[str, Row]] = {}
    for row in marts.rows(
        """
        select symbol, window_name, car_pct, car_t, p_value, null_reason,
            p_value < 0.05 as is_significant,
        from event_study_results
        where event_id = ? and study_id = ? and model = ?
        """,
        event_id,
        study_id,
        model,
    ):
        cars.setdefault(row["symbol"], {})[row["window_name"]] = row
    ranked = sorted(
        ({**move, "cars": cars.get(move["symbol"], {})} for move in moves.rows),
        key=lambda move: (move["abnormal_return_pct"] is None, move["abnormal_return_pct"] or 0.0),
    )
    return Shown(ranked, moves.total)


def _tests(marts: Marts, event_id: str, study_id: str, model: str | None) -> list[dict[str, Any]]:
    """Return a table for each group in the main model, then for all instruments in each other."""
    tables: dict[tuple[str, str], dict[str, Any]] = {}
    for row in marts.rows(
        """
        select *, p_value < 0.05 as is_significant
        from event_group_tests
        where
            study_id = $study and (event_id = $event or event_id is null) and is_named_window
            and (model = $model or group_name = $all)
        order by model <> $model, model, group_name <> $all, group_name, test
        """,
        {"study": study_id, "event": event_id, "model": model, "all": ALL},
    ):
        table = tables.setdefault(
            (row["model"], row["group_name"]),
            {
                "model": row["model"],
                "group_name": row["group_name"],
                "is_pooled": row["event_id"] is None,
                "heads": {},
                "tests": {},
            },
        )
        table["heads"].setdefault(row["window_name"], row)
        table["tests"].setdefault(row["test"], {})[row["window_name"]] = row
    return list(tables.values())
