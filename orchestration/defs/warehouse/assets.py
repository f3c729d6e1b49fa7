"""Every dbt model as an asset and every dbt test as a check of it.

Belongs here: when the build may be skipped, and the counts, previews and plot that Dagster shows.
Does not belong here: calling dbt (`dbt.py`), naming (`translator.py`), any computed number.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.defs.publishing.fingerprint import (
    Build,
    code_fingerprint,
    forget_build,
    inputs_fingerprint,
    published_from,
    record_build,
)
from orchestration.defs.publishing.lock import WarehouseLock, lock_path
from orchestration.defs.report.folder import has_report
from orchestration.defs.warehouse.continuing import build_or_rebuild, stamp, why_not_continued
from orchestration.defs.warehouse.dbt import build, is_current
from orchestration.defs.warehouse.metadata import describe_tables
from orchestration.defs.warehouse.translator import WarehouseTranslator
from orchestration.settings import load_settings
from orchestration.warehouse_lock import hold


class WarehouseConfig(dg.Config):
    """How to build.

    Attributes:
        full: build even when nothing that the marts depend on has changed.
    """

    full: bool = False


TRANSLATOR = WarehouseTranslator()
MANIFEST = load_settings().manifest_path
if not MANIFEST.exists():
    raise FileNotFoundError(
        f"{MANIFEST} is missing: it is made from dbt_project/ by `make manifest`"
    )


@dbt_assets(
    manifest=MANIFEST,
    exclude="resource_type:unit_test",
    name="warehouse",
    dagster_dbt_translator=TRANSLATOR,
    # No pool guards the warehouse: a killed run keeps its slot until a daemon frees it, but the
    # kernel frees the file lock the moment its holder dies.
)
def warehouse(
    context: dg.AssetExecutionContext, config: WarehouseConfig, warehouse_lock: WarehouseLock
) -> Iterator[dg.Output[None] | dg.AssetCheckResult | dg.AssetObservation]:
    """Build the models with dbt; do nothing when no input has changed since publication."""
    settings = load_settings()
    hold(
        lock_path(settings),
        context.run.run_id,
        settings.lock_timeout_seconds,
        report=context.log.info,
    )
    inputs = inputs_fingerprint(settings)
    published = published_from(settings, inputs)
    if published is not None and not config.full and not context.is_subset:
        # What is skipped here skips all that follows: a report that was never finished, or that
        # other code wrote, would stay for ever.
        if has_report(settings.published_dir, published):
            context.log.info(f"warehouse: nothing new since publication {published.version}")
            return
        context.log.info("warehouse: nothing new, but the report is to be written")
    if not is_current(settings.manifest_path):
        raise dg.Failure(
            "dbt_project/ has changed since the asset graph was read from its manifest: "
            "run `make manifest` and reload the code location",
            allow_retries=False,
        )
    code = code_fingerprint()
    if context.is_subset:
        forget_build(settings)
        chosen = sorted(key.path[-1] for key in context.selected_asset_keys)
        outcome = build(settings, select=chosen, full_refresh=True, report=context.log.error)
    else:
        obstacle = "that was asked for" if config.full else why_not_continued(settings, code)
        forget_build(settings)
        outcome = build_or_rebuild(settings, obstacle, context.log)
    tables = describe_tables(settings.warehouse_path)
    for raw in outcome.events:
        yield from _dagster_events(raw, context, tables)
    if outcome.failures:
        raise dg.Failure(
            description="dbt: " + "; ".join(outcome.failures),
            metadata={"failures": dg.MetadataValue.json(outcome.failures)},
            # the same inputs give the same failure
            allow_retries=False,
        )
    if not context.is_subset:
        record_build(settings, Build(inputs, code=code, warehouse=stamp(settings.warehouse_path)))
    models = sum(1 for raw in outcome.events if raw["info"]["name"] == "LogModelResult")
    tests = len(outcome.events) - models
    context.log.info(f"warehouse: {models} models built, {tests} data tests passed")


def _dagster_events(
    raw: dict[str, Any],
    context: dg.AssetExecutionContext,
    tables: Mapping[str, Mapping[str, dg.MetadataValue[Any]]],
) -> Iterator[dg.Output[None] | dg.AssetCheckResult | dg.AssetObservation]:
    from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

    message = DbtCoreCliEventMessage(raw_event=raw, event_history_metadata={})
    for event in message.to_default_asset_events(MANIFEST, TRANSLATOR, context):
        if isinstance(event, dg.Output):
            name = raw["data"]["node_info"]["node_name"]
            yield dg.Output(
                None,
                output_name=event.output_name,
                metadata={**event.metadata, **tables.get(name, {})},
            )
        elif isinstance(event, dg.AssetCheckResult | dg.AssetObservation):
            yield event
