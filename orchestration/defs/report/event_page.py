"""What the page of an event shows: day 0, moves, returns around it, tests, specifications."""

from __future__ import annotations

from typing import Any

from orchestration.defs.report.marts import Marts, Row
from orchestration.defs.report.plots import returns_plot, specification_plot

ALL = "all"


def event_page(marts: Marts, event_id: str) -> dict[str, Any]:
    """Return what the template of an event needs.

    Args:
        marts: the publication.
        event_id: the event.
    """
    (event,) = marts.rows("select * from events where event_id = ?", event_id)
    return {
        "event": event,
        "sessions": marts.rows(
            "select * from event_sessions where event_id = ? order by day_0_closes_at, mic",
            event_id,
        ),
        "studies": [_study(marts, event_id, study) for study in event["studies"].split()],
    }


def main_model(marts: Marts, event_id: str, study_id: str) -> str | None:
    """Return the model that the page shows first; None where nothing could be studied."""
    found = marts.rows(
        """
        select model from event_window_returns
        where event_id = ? and study_id = ?
        group by model
        order by list_position(
            [
                'market_model', 'multi_factor', 'scholes_williams', 'market_adjusted',
                'mean_adjusted',
            ],
            model
        )
        """,
        event_id,
        study_id,
    )
    return found[0]["model"] if found else None


def returns_around(marts: Marts, event_id: str, study_id: str, model: str) -> list[Row]:
    """Return each instrument with its lists of days, the largest abnormal day 0 first."""
    return marts.rows(
        """
        select
            days.symbol,
            any_value(instruments.name) as name,
            any_value(days.group_name) as group_name,
            list(days.relative_session order by days.relative_session) as sessions,
            list(days.abnormal_return_pct order by days.relative_session) as abnormal,
            list(days.abnormal_return_low_pct order by days.relative_session) as abnormal_low,
            list(days.abnormal_return_high_pct order by days.relative_session) as abnormal_high,
            list(days.cumulative_abnormal_return_pct order by days.relative_session) as cumulative,
            list(days.cumulative_low_pct order by days.relative_session) as cumulative_low,
            list(days.cumulative_high_pct order by days.relative_session) as cumulative_high,
            max(days.cumulative_abnormal_return_pct) filter (days.relative_session = 0) as at_day_0,
            max(abs(days.abnormal_return_pct)) filter (days.relative_session = 0) as size,
        from event_window_returns as days
        inner join instruments using (symbol)
        where days.event_id = ? and days.study_id = ? and days.model = ?
        group by days.symbol
        order by size desc nulls last, days.symbol
        """,
        event_id,
        study_id,
        model,
    )


def specifications(marts: Marts, event_id: str, study_id: str) -> dict[str, list[Row]]:
    """Return the specification curve of all instruments by window, shortest first."""
    windows: dict[str, list[Row]] = {}
    for row in marts.rows(
        """
        select * from specification_curve
        where study_id = $study and group_name = $all and (event_id = $event or event_id is null)
        order by
            (
                select max(results.sessions_expected) from event_study_results as results
                where
                    results.study_id = specification_curve.study_id
                    and results.window_name = specification_curve.window_name
            ),
            window_name, caar_pct, model, estimation_sessions, test
        """,
        {"study": study_id, "event": event_id, "all": ALL},
    ):
        windows.setdefault(row["window_name"], []).append(row)
    return windows


def _study(marts: Marts, event_id: str, study_id: str) -> dict[str, Any]:
    model = main_model(marts, event_id, study_id)
    curves = specifications(marts, event_id, study_id)
    return {
        "study_id": study_id,
        "model": model,
        "moves": [] if model is None else _ranked(marts, event_id, study_id, model),
        "missing": marts.rows(
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
        "plots": []
        if model is None
        else [
            {**row, "svg": returns_plot(row)}
            for row in returns_around(marts, event_id, study_id, model)
        ],
        "tests": _tests(marts, event_id, study_id, model),
        "estimations": marts.rows(
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
            for window, rows in curves.items()
        ],
        "exclusions": marts.rows(
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


def _ranked(marts: Marts, event_id: str, study_id: str, model: str) -> list[Row]:
    """Return each instrument's day 0 with its CAR by window, from the deepest fall upwards."""
    moves = marts.rows(
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
        order by days.abnormal_return_pct, days.symbol
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
    return [{**move, "cars": cars.get(move["symbol"], {})} for move in moves]


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
