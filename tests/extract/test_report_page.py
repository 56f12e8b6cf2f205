"""report.html: what it tells, and that it loads nothing."""

import re
from html.parser import HTMLParser

from eisfv.postprocess.extract.measured import Extraction, Measured, Picture, Section, Written
from eisfv.postprocess.extract.report import report_text
from eisfv.postprocess.extract.wording import interval_text, value_text

PNG = b"\x89PNG\r\n\x1a\n"


class Links(HTMLParser):
    """Collects what a page would load, and checks that tags are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href", "data")]
        if tag == "script":
            self.loaded.append("script")
        if tag not in ("meta", "img", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def links_of(page: str) -> Links:
    """Return what a page loads."""
    found = Links()
    found.feed(page)
    return found


def test_the_report_is_one_file_with_its_pictures_inside(extraction: Extraction) -> None:
    links = links_of(report_text(extraction, {}))
    assert len(links.loaded) >= 5
    assert all(link.startswith("data:image/png;base64,") for link in links.loaded)
    assert links.open == []


def test_a_page_that_loads_something_is_seen() -> None:
    assert links_of('<img src="http://a/b.png"><script></script>').loaded == ["http://a/b.png", "script"]


def test_the_report_tells_every_quantity_and_every_reason(extraction: Extraction) -> None:
    page = re.sub(r"base64,[^\"]+", "", report_text(extraction, {}))
    for name, one in extraction.quantities.items():
        assert f"<code>{name}</code>" in page
        if one.value is None:
            assert one.reason.replace(">", "&gt;").replace("<", "&lt;").replace('"', "&quot;")[:40] in page


def test_sections_of_targets_follow_in_order_and_are_escaped(extraction: Extraction) -> None:
    section = Section("A <b> title", ("text & more",), (("head",), ("cell < 1",)), (Picture("a picture", PNG),))
    page = report_text(extraction, {"one": Written(section=section), "two": Written(reason="no branch")})
    assert page.index("A &lt;b&gt; title") < page.index("two: nothing written: no branch")
    for words in ("text &amp; more", "cell &lt; 1", "<figcaption>a picture</figcaption>"):
        assert words in page
    assert links_of(page).open == []


def test_numbers_are_told_with_prefix_interval_and_bound() -> None:
    assert value_text(Measured(2.3e-6, "S")) == "2.3 µS"
    assert value_text(Measured(43200.0, "s")) == "12 h"
    assert value_text(Measured(None, "s", low=100.0)) == "above 100 s"
    assert value_text(Measured(None, "S", reason="x")) == "not from this run"
    assert interval_text(Measured(1e-6, "S", 0.99e-6, 1.01e-6)) == "0.99 to 1.01 µS"
    # As many digits as tell the ends apart.
    assert interval_text(Measured(1e-6, "S", 0.99999e-6, 1.00001e-6)) == "0.99999 to 1.00001 µS"
