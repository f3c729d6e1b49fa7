"""Daily bars and corporate actions, fetched together from the chosen price provider.

Belongs here: the two assets, how they look in Dagster, and the check on a fetch's answers.
Does not belong here: the fetch itself (`ingest.py`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.defs.prices.collect import Collected
from orchestration.defs.prices.ingest import Ingested, NoAnswerError, ingest
from orchestration.defs.prices.inputs import InputError
from orchestration.defs.prices.plan import PlanError, PriceFetchConfig
from orchestration.defs.prices.provider import ProviderUnusableError, load_provider
from orchestration.defs.prices.tables import markdown
from orchestration.landing import batches
from orchestration.settings import load_settings

if TYPE_CHECKING:
    import pyarrow as pa

DAILY_BARS = dg.AssetKey(["landing", "daily_bars"])
CORPORATE_ACTIONS = dg.AssetKey(["landing", "corporate_actions"])
EVERY_SYMBOL_ANSWERED = "every_symbol_answered"
_NEEDS = [dg.AssetKey(["landing", "instruments"]), dg.AssetKey(["landing", "trading_sessions"])]
_PREVIEW_ROWS = 8


def _spec(key: dg.AssetKey, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        deps=_NEEDS,
        description=description,
        group_name="prices",
        owners=["team:market-data"],
        kinds={"python", "parquet"},
    )


@dg.multi_asset(
    name="fetch_prices",
    specs=[
        _spec(
            DAILY_BARS,
            "Daily bars as the provider serves them: split-adjusted as of `fetched_at`, not "
            "dividend-adjusted. Only sessions that are over. A bar that changes later lands "
            "again as a new version; nothing is edited.\n\n"
            "To backfill, give `start_date`, `end_date` and `symbols` in the launchpad.",
        ),
        _spec(
            CORPORATE_ACTIONS,
            "Dividends per share in the quote currency, and split ratios, on their ex-dates.",
        ),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            EVERY_SYMBOL_ANSWERED,
            asset=DAILY_BARS,
            description="No symbol failed in this fetch. An honest empty answer is no failure.",
        )
    ],
)
def fetch_prices(
    context: dg.AssetExecutionContext, config: PriceFetchConfig
) -> Iterator[dg.MaterializeResult[None]]:
    """Land what is new at the provider."""
    settings = load_settings()
    try:
        provider = load_provider(settings)
        done = ingest(provider, settings, config, now=datetime.now(UTC), warn=context.log.warning)
    except NoAnswerError as error:
        raise dg.Failure(str(error), metadata=_answers(error.collected)) from error
    except (PlanError, InputError, ProviderUnusableError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    context.log.info(summary(provider.name, done))
    failed = done.collected.failed
    yield dg.MaterializeResult(
        asset_key=DAILY_BARS,
        metadata={
            **_landed(done.bars, "session_date", settings.landing_dir / "daily_bars"),
            **_answers(done.collected),
            "provider": provider.name,
            "files_set_aside": [path.name for path in done.set_aside],
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=EVERY_SYMBOL_ANSWERED,
                passed=not failed,
                severity=dg.AssetCheckSeverity.WARN,
                description=f"failed: {', '.join(o.symbol for o in failed)}"
                if failed
                else "no symbol failed",
                metadata={"failed": dg.MetadataValue.md(markdown([o.cells() for o in failed]))},
            )
        ],
    )
    yield dg.MaterializeResult(
        asset_key=CORPORATE_ACTIONS,
        metadata={
            **_landed(done.actions, "ex_date", settings.landing_dir / "corporate_actions"),
            "provider": provider.name,
        },
    )


def summary(provider: str, done: Ingested) -> str:
    """Return one line, such as `recorded: 23 symbols answered, 7 not recorded; no new bars`."""
    import pyarrow.compute as pc

    counts = done.collected.counts
    answered = counts.pop("answered")
    others = "".join(f", {n} {kind.replace('_', ' ')}" for kind, n in counts.items())
    if not done.bars.num_rows:
        return f"{provider}: {answered} symbols answered{others}; no new bars"
    last = pc.max(done.bars["session_date"])
    return (
        f"{provider}: {answered} symbols answered{others}; "
        f"{done.bars.num_rows:,} new bars up to {last}"
    )


def _landed(rows: "pa.Table", day: str, folder: Path) -> dict[str, dg.MetadataValue]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    span = pc.min_max(rows[day]).as_py()
    return {
        # Every landed version counts, so this is what the folder holds.
        "dagster/row_count": dg.MetadataValue.int(
            sum(pq.read_metadata(batch).num_rows for batch in batches(folder))
        ),
        "rows_landed": dg.MetadataValue.int(rows.num_rows),
        "first_session": dg.MetadataValue.text(str(span["min"] or "")),
        "last_session": dg.MetadataValue.text(str(span["max"] or "")),
        "preview": dg.MetadataValue.md(
            markdown(rows.slice(max(rows.num_rows - _PREVIEW_ROWS, 0)).to_pylist())
        ),
    }


def _answers(collected: Collected) -> dict[str, dg.MetadataValue]:
    return {
        "symbols_by_outcome": dg.MetadataValue.json(collected.counts),
        "symbols": dg.MetadataValue.md(markdown([o.cells() for o in collected.outcomes])),
    }
