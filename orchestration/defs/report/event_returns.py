"""The returns of an event that are drawn, on its page and in Dagster.

Belongs here: which model comes first, each instrument's days, the specification curves. Does not
belong here: the drawing (`plots`) and the tables of the page (`event_page`).
"""

from __future__ import annotations

from orchestration.defs.report.marts import Marts, Row, Shown

ALL = "all"


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


def returns_around(marts: Marts, event_id: str, study_id: str, model: str, most: int) -> Shown:
    """Return instruments with their lists of days, the largest abnormal day 0 first."""
    return marts.first(
        most,
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
