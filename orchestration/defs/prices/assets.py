"""Daily bars and corporate actions, fetched together from the chosen price providers.

Belongs here: the two assets, how they look in Dagster, and the check on a fetch's answers.
Does not belong here: the fetch itself (`ingest.py`).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial
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
EVERY_DROPPED_FILE_USED = "every_dropped_file_used"
_NEEDS = [
    dg.AssetKey(["landing", name])
    for name in ("instruments", "trading_sessions", "vendor_columns", "vendor_symbols")
]
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
            description="No symbol failed at all of its providers. An honest empty answer is no "
            "failure.",
        ),
        dg.AssetCheckSpec(
            EVERY_DROPPED_FILE_USED,
            asset=DAILY_BARS,
            description="No file that a person dropped for a provider was rejected.",
        ),
    ],
)
def fetch_prices(
    context: dg.AssetExecutionContext, config: PriceFetchConfig
) -> Iterator[dg.MaterializeResult[None]]:
    """Land what is new at the provider."""
    settings = load_settings()
    try:
        done = ingest(
            cache(partial(load_provider, settings)),
            settings,
            config,
            now=datetime.now(UTC),
            warn=context.log.warning,
        )
    except NoAnswerError as error:
        raise dg.Failure(str(error), metadata=_answers(error.collected)) from error
    except (PlanError, InputError, ProviderUnusableError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    context.log.info(summary(done))
    for line in done.rejections:
        context.log.warning(f"rejected: {line}")
    yield dg.MaterializeResult(
        asset_key=DAILY_BARS,
        metadata={
            **_landed(done.bars, "session_date", settings.landing_dir / "daily_bars"),
            **_answers(done.collected),
            "providers": ", ".join(done.providers),
            "files_set_aside": [path.name for path in done.set_aside],
        },
        check_results=[_all_answered(done.collected), _all_used(done.rejections)],
    )
    yield dg.MaterializeResult(
        asset_key=CORPORATE_ACTIONS,
        metadata={
            **_landed(done.actions, "ex_date", settings.landing_dir / "corporate_actions"),
            "providers": ", ".join(done.providers),
        },
    )


def summary(done: Ingested) -> str:
    """Return one line, such as `recorded: 23 symbols answered, 7 not recorded; no new bars`.

    With several providers each says its own, in the order of asking.
    """
    import pyarrow.compute as pc

    said = []
    for provider in done.providers:
        counts = done.collected.counts_of(provider)
        answered = counts.pop("answered")
        others = "".join(f", {n} {kind.replace('_', ' ')}" for kind, n in counts.items())
        said.append(f"{provider}: {answered} symbols answered{others}")
    if not done.bars.num_rows:
        return f"{'; '.join(said)}; no new bars"
    last = pc.max(done.bars["session_date"])
    return f"{'; '.join(said)}; {done.bars.num_rows:,} new bars up to {last}"


def _all_answered(collected: Collected) -> dg.AssetCheckResult:
    failed = list(dict.fromkeys(outcome.symbol for outcome in collected.failed))
    words = f"failed: {', '.join(failed)}" if failed else "no symbol failed"
    if collected.made_good:
        words += "; another provider answered: " + ", ".join(
            f"{failure.symbol} ({answer.provider} for {failure.provider})"
            for failure, answer in collected.made_good
        )
    return dg.AssetCheckResult(
        check_name=EVERY_SYMBOL_ANSWERED,
        passed=not failed,
        severity=dg.AssetCheckSeverity.WARN,
        description=words,
        metadata={"failed": dg.MetadataValue.md(markdown([o.cells() for o in collected.failed]))},
    )


def _all_used(rejections: Sequence[str]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=EVERY_DROPPED_FILE_USED,
        passed=not rejections,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{len(rejections)} rejected" if rejections else "none was rejected",
        metadata={
            "rejected": dg.MetadataValue.md(markdown([{"rejected": line} for line in rejections]))
        },
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
        "symbols_by_outcome": dg.MetadataValue.json(
            {o.provider: collected.counts_of(o.provider) for o in collected.outcomes}
        ),
        "symbols": dg.MetadataValue.md(markdown([o.cells() for o in collected.outcomes])),
    }
