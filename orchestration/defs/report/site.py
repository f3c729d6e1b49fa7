"""Writing the report: every page of one publication into a folder.

Belongs here: which pages there are, their templates and the policy that each carries. Does not
belong here: what a page shows, how many fit (`room`), where readers find the folder (`folder`).

A page needs nothing but itself: its style is inside it, drawings are part of it, there is no
script, and the policy forbids everything else. So it works from a disk, a mail or any server.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.defs.evidence.files import EVIDENCE, file_name
from orchestration.defs.publishing.publication import Publication
from orchestration.defs.report import overview, wording
from orchestration.defs.report.article_page import article_page
from orchestration.defs.report.event_page import event_page
from orchestration.defs.report.marts import Marts, open_marts
from orchestration.defs.report.quality_page import quality_page
from orchestration.defs.report.room import ARTICLE_BYTES, EVENT_BYTES, Files, Room, that_fit

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent / "templates"
INDEX = "index.html"
# The card of an article with hundreds of figures stays with the marts.
MOST_CARD_BYTES = 60_000


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

    def page(file: str, template: str, **shown: object) -> Files:
        root = "../" * file.count("/")
        text = environment.get_template(template).render(here=file, root=root, **shown)
        return {file: text.encode()}

    events, articles = overview.events(marts), overview.articles(marts)

    def of_event(event_id: str, *, is_full: bool) -> Files:
        shown = event_page(marts, event_id, is_full=is_full)
        return page(f"events/{wording.page_name(event_id)}", "event.html", **shown)

    room = Room(EVENT_BYTES)
    ids = [event["event_id"] for event in events.rows]
    full = that_fit(ids, room, partial(of_event, is_full=True))
    short = that_fit(ids[len(full) :], room, partial(of_event, is_full=False))

    listed = {article["article_id"]: article for article in articles.rows}
    judged = [name for name, article in listed.items() if article["verdicts"]]

    def of_article(article_id: str, linked: Collection[str]) -> Files:
        card = _card(marts.publication, article_id)
        shown = article_page(marts, article_id)
        file = f"articles/{wording.page_name(article_id)}"
        return (
            page(
                file,
                "article.html",
                article=listed[article_id],
                card=next(iter(card), None),
                linked=linked,
                **shown,
            )
            | card
        )

    fitting = that_fit(judged, Room(ARTICLE_BYTES), partial(of_article, linked=judged))
    lists = {"articles": articles, "linked": fitting}
    pages: list[Files] = [
        page(
            INDEX,
            "overview.html",
            events=events,
            full=full,
            short=short,
            **lists,
            **overview.overview(marts),
        ),
        page("articles.html", "articles.html", **lists),
        page("quality.html", "quality.html", **quality_page(marts)),
        *full.values(),
        *short.values(),
        # again: a copy's page links to the article it copies only if that has a page
        *(of_article(article_id, linked=fitting) for article_id in fitting),
    ]
    for files in pages:
        for file, content in files.items():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(content)
    return len(pages)


def _card(publication: Publication, article_id: str) -> dict[str, bytes]:
    """Return the article's evidence card as a file of the report; none where there is none."""
    file = f"{EVIDENCE}/{file_name(article_id)}.md"
    try:
        content = (publication.folder / file).read_bytes()
    except FileNotFoundError:
        return {}
    # a web server that names no charset would have its letters guessed
    return {file: codecs.BOM_UTF8 + content} if len(content) <= MOST_CARD_BYTES else {}


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
