"""The report as an asset, after the publication that it shows.

Belongs here: when it is written and what Dagster shows of it. Does not belong here: its pages
(`site`) and its place (`folder`).
"""

import base64
from collections.abc import Iterator

import dagster as dg

from orchestration.defs.publishing.lock import WarehouseLock, lock_path
from orchestration.defs.publishing.publication import Publication, PublicationError, current
from orchestration.defs.report.drawing import standalone
from orchestration.defs.report.event_returns import main_model, returns_around, specifications
from orchestration.defs.report.folder import REPORT, has_report, replace_report
from orchestration.defs.report.marts import open_marts
from orchestration.defs.report.plots import returns_plot, specification_plot
from orchestration.defs.report.site import INDEX, write_site
from orchestration.settings import load_settings
from orchestration.warehouse_lock import hold, release

# The event log keeps what is shown of every run, so it is not much.
PLOTTED_INSTRUMENTS = 3
PLOTTED_WINDOWS = 1


@dg.asset(
    deps=["published_marts"],
    group_name="publishing",
    owners=["team:market-data"],
    kinds={"html"},
    description=(
        "The published marts as a static site, `published/report/index.html`: an overview, a page "
        "for the newest events and articles, and one on data quality, below 2 MB in all.\n\nIt "
        "needs no server, no script and no other host. Its link is flipped when all is written."
    ),
)
def report(
    context: dg.AssetExecutionContext, warehouse_lock: WarehouseLock
) -> dg.MaterializeResult[None]:
    """Write the report of the current publication unless readers already have it."""
    settings = load_settings()
    lock = lock_path(settings)
    # A publisher in another run must not flip the marts while their report is being written.
    hold(lock, context.run.run_id, settings.lock_timeout_seconds, report=context.log.info)
    try:
        publication = current(settings.published_dir)
        if publication is None:
            raise PublicationError(f"{settings.published_dir} holds no publication: run the job")
        if has_report(settings.published_dir, publication):
            context.log.info(f"report: that of {publication.version} is in place")
        else:
            pages = replace_report(settings.published_dir, publication, write_site)
            context.log.info(f"report: {pages} pages of {publication.version}")
        plots = dict(_plots(publication))
    finally:
        release(lock, context.run.run_id)
    # a browser opens no file from a page of a server: only a path to copy, without an address
    served = {"open": dg.MetadataValue.url(settings.report_url)} if settings.report_url else {}
    return dg.MaterializeResult(
        metadata={
            "report": dg.MetadataValue.path(settings.published_dir / REPORT / INDEX),
            **served,
            "version": publication.version,
            **plots,
        }
    )


def _plots(publication: Publication) -> Iterator[tuple[str, dg.MarkdownMetadataValue]]:
    """Yield the plots of the newest event: its largest moves and a specification curve."""
    with open_marts(publication) as marts:
        for event in marts.rows("from events order by announced_at desc, event_id limit 1"):
            for study in event["studies"].split():
                model = main_model(marts, event["event_id"], study)
                if model is None:
                    continue
                around = returns_around(marts, event["event_id"], study, model, PLOTTED_INSTRUMENTS)
                for row in around.rows:
                    yield f"{row['symbol']} ({study})", _shown(returns_plot(row))
                curves = specifications(marts, event["event_id"], study)
                for window, rows in list(curves.items())[:PLOTTED_WINDOWS]:
                    name = f"specification curve of {window} ({study})"
                    yield name, _shown(specification_plot(rows))


def _shown(svg: str) -> dg.MarkdownMetadataValue:
    encoded = base64.b64encode(standalone(svg).encode()).decode("ascii")
    return dg.MetadataValue.md(f"![plot](data:image/svg+xml;base64,{encoded})")
