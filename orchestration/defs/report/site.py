"""Writing the report: every page of one publication into a folder.

Belongs here: which pages there are, their templates and the policy that each carries. Does not
belong here: what a page shows, and where readers find the folder (`folder`).

A page needs nothing but itself: its style is inside it, drawings are part of it, there is no
script, and the policy forbids everything else. So it works from a disk, a mail or any server.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.publishing.publication import Publication
from orchestration.defs.report import overview, wording
from orchestration.defs.report.article_page import article_pages
from orchestration.defs.report.event_page import event_page
from orchestration.defs.report.marts import Marts, open_marts

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent / "templates"
INDEX = "index.html"


def write_site(publication: Publication, folder: Path) -> int:
    """Write the report of a publication: the same publication gives the same bytes.

    Args:
        publication: what to show.
        folder: an empty folder.

    Returns:
        The number of pages.

    Raises:
        duckdb.Error: the publication cannot be read.
        jinja2.TemplateError: a template asks for what no mart holds.
        OSError: the disk refuses.
    """
    with open_marts(publication) as marts:
        return _write_pages(marts, folder)


def _write_pages(marts: Marts, folder: Path) -> int:
    environment = _environment(marts.publication)
    written = 0

    def write(file: str, template: str, **shown: object) -> None:
        nonlocal written
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        root = "../" * file.count("/")
        page = environment.get_template(template).render(here=file, root=root, **shown)
        path.write_text(page, encoding="utf-8")
        written += 1

    articles = overview.articles(marts)
    write(INDEX, "overview.html", **overview.overview(marts))
    write("articles.html", "articles.html", articles=articles)
    write("quality.html", "quality.html", **overview.quality(marts))
    for row in marts.rows("select event_id from events order by event_id"):
        file = f"events/{wording.page_name(row['event_id'])}"
        write(file, "event.html", **event_page(marts, row["event_id"]))
    claims = article_pages(marts)
    links = marts.rows("select * from article_links")
    copies = {row["article_id"]: row for row in links}
    for article in articles:
        name = article["article_id"]
        write(
            f"articles/{wording.page_name(name)}",
            "article.html",
            article=article,
            claims=claims.get(name, []),
            copy_of=copies.get(name),
        )
    return written


def _environment(publication: Publication) -> jinja2.Environment:
    """Return the environment: text from outside is escaped, a missing name is an error."""
    import jinja2
    from markupsafe import Markup

    style = (TEMPLATES / "style.css").read_text(encoding="utf-8").strip()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(wording.FILTERS)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # our own sheet, which must stand in the page byte for byte as it was hashed
    environment.globals["style"] = Markup(style)  # noqa: S704
    environment.globals["policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    environment.globals["publication"] = publication
    return environment
