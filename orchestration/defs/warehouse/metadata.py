"""What the Dagster UI shows of a built table: how many rows, the first of them, a plot.

Belongs here: reading the built warehouse to describe it. Does not belong here: any number that a
mart could hold.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    import duckdb

PREVIEW_ROWS = 8

# What a person wants to see first of a mart; elsewhere any rows will do.
PREVIEW_ORDER = {
    "claim_verdicts": "verdict, claim_id",
    "daily_returns": "session_date desc, symbol",
    "event_study_results": "abs(car_t) desc nulls last",
    "event_window_returns": "abs(standardised_abnormal_return) desc nulls last",
    "event_estimations": "jarque_bera desc nulls last",
    "event_group_tests": "p_value nulls last",
    "specification_curve": "p_value nulls last",
    "price_incidents": "session_date desc, symbol",
    "price_restatements": "new_fetched_at desc, symbol",
    "unexplained_moves": "session_date desc, symbol",
    "explained_moves": "session_date desc, symbol, article_id",
    "triangulated_closes": "close_session_date desc, symbol",
    "verdict_changes": "new_prices_fetched_at desc nulls last, claim_id",
}


def describe_tables(warehouse: Path) -> dict[str, dict[str, dg.MetadataValue[Any]]]:
    """Return metadata for each model: row count, and for a mart a preview and perhaps a plot.

    Args:
        warehouse: a built warehouse that no writer has open.

    Returns:
        Metadata by model name.
    """
    import duckdb

    described: dict[str, dict[str, dg.MetadataValue[Any]]] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        names = connection.execute(
            """
            select table_schema, table_name, table_type
            from information_schema.tables
            where table_schema in ('staging', 'intermediate', 'marts')
            """
        ).fetchall()
        for schema, name, kind in names:
            if kind == "VIEW":
                # a view is read by its users; counting it here would be the same scan twice
                continue
            relation = f'"{schema}"."{name}"'
            (rows,) = connection.execute(f"select count(*) from {relation}").fetchone() or (0,)  # noqa: S608 - names come from the catalog
            described[name] = {"dagster/row_count": dg.MetadataValue.int(rows)}
            if schema == "marts" and rows:
                described[name]["preview"] = _preview(connection, name)
        if "event_window_returns" in described:
            described["event_window_returns"]["abnormal returns around the event"] = _plot(
                connection
            )
    return described


def _preview(connection: duckdb.DuckDBPyConnection, mart: str) -> dg.TableMetadataValue:
    order = PREVIEW_ORDER.get(mart, "all")
    cursor = connection.execute(
        f'select * from marts."{mart}" order by {order} limit {PREVIEW_ROWS}'  # noqa: S608 - both are our own words
    )
    rows = cursor.fetchall()
    # a surrogate key repeats the columns beside it and would push them off the screen
    columns = [column[0] for column in cursor.description or ()]
    first = 1 if "|" in str(rows[0][0]) else 0
    columns = columns[first:]
    return dg.MetadataValue.table(
        records=[
            dg.TableRecord(
                {
                    column: value if isinstance(value, int | float | str | None) else str(value)
                    for column, value in zip(columns, row[first:], strict=True)
                }
            )
            for row in rows
        ],
        schema=dg.TableSchema(columns=[dg.TableColumn(column) for column in columns]),
    )


def _plot(connection: duckdb.DuckDBPyConnection) -> dg.MarkdownMetadataValue:
    """Draw the cumulative abnormal returns of the newest event's most and least hit."""
    # The object interface: pyplot would look for a display and keep global state.
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    rows = connection.execute(
        """
        with newest as (
            select event_id, name from marts.events order by announced_at desc limit 1
        )
        select
            newest.name,
            returns.symbol,
            list(returns.relative_session order by returns.relative_session),
            list(returns.cumulative_abnormal_return_pct order by returns.relative_session),
        from marts.event_window_returns as returns
        inner join newest on returns.event_id = newest.event_id
        where returns.model = 'market_model'
        group by newest.name, returns.symbol
        order by max(abs(returns.abnormal_return_pct)) desc
        limit 8
        """
    ).fetchall()
    figure = Figure(figsize=(8, 4), dpi=96, layout="constrained")
    axes = figure.subplots()
    for _, symbol, sessions, cumulative in rows:
        axes.plot(sessions, cumulative, label=symbol, linewidth=1.6)
    axes.axvline(0, color="#888888", linewidth=0.8, linestyle="--")
    axes.axhline(0, color="#888888", linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("sessions from day 0")
    axes.set_ylabel("cumulative abnormal return, %")
    axes.set_title(f"{rows[0][0]}: market model" if rows else "no studied event")
    axes.spines[["top", "right"]].set_visible(False)
    if rows:
        axes.legend(ncols=2, fontsize=8, frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    encoded = base64.b64encode(buffer.getvalue()).decode("ascii")
    return dg.MetadataValue.md(f"![abnormal returns](data:image/png;base64,{encoded})")
