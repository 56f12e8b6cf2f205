"""Pages of the manual that say what the program already says: laws, keys of files, cases, materials, checks.

Each is written from the one place where its text stands (docstrings, the schema, READMEs), so that none is kept twice.
"""

import ast
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import made_keys

ROOT = Path(__file__).parents[2]
LAWS_OF_MODEL = (
    "arrhenius",
    "back_gate",
    "band_filling",
    "diffusion",
    "miscibility",
    "phase_separation",
    "shared_excess",
    "surface_loss",
    "vtf",
)
LINK = re.compile(r"(!?\[[^\]]*\])\(([^)\s]+)\)")


def write_all(place: Path) -> None:
    """Write all pages into `place`, which is emptied before."""
    shutil.rmtree(place, ignore_errors=True)
    for folder, pages in (
        ("laws", law_pages()),
        ("keys", made_keys.pages()),
        ("cases", case_pages(place / "cases")),
        ("reference", reference_pages()),
    ):
        (place / folder).mkdir(parents=True)
        for name, text in pages:
            (place / folder / f"{name}.md").write_text(text, encoding="utf-8")


def docstring(path: Path) -> str:
    """Return the docstring of a module without importing it."""
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def as_markdown(text: str) -> str:
    """Return the docstring of a module: its first line a heading, what is indented or set in columns as it stands."""
    first, _, rest = text.partition("\n")
    lines = [f"# {first.rstrip('.')}", ""]
    for paragraph in re.split(r"\n\s*\n", rest.strip("\n")):
        columns = any(re.search(r"\S {3,}\S", line) for line in paragraph.splitlines())
        as_it_stands = columns or all(line.startswith("    ") for line in paragraph.splitlines())
        lines += ["```text", paragraph, "```", ""] if as_it_stands and paragraph else [paragraph, ""]
    return "\n".join(lines)


def law_pages() -> Iterator[tuple[str, str]]:
    """Yield a page for every law and one that lists them."""
    names = []
    files = sorted((ROOT / "eisfv" / "physics").glob("*.py"))
    files += [ROOT / "eisfv" / "model" / f"{name}.py" for name in LAWS_OF_MODEL]
    for path in files:
        text = docstring(path)
        if path.stem == "__init__" or not text:
            continue
        name = f"{path.parent.name}_{path.stem}"
        names.append(name)
        source = f"`eisfv.{path.parent.name}.{path.stem}`"
        yield name, as_markdown(text) + f"\nWritten and tested as {source}.\n"
    yield "index", listing("Laws, one page each", "What a page says is the docstring of the law.", names)


def listing(title: str, words: str, names: list[str]) -> str:
    """Return a page that lists others."""
    return "\n".join([f"# {title}", "", words, "", "```{toctree}", ":maxdepth: 1", "", *names, "```", ""])


def case_pages(place: Path) -> Iterator[tuple[str, str]]:
    """Yield the README of every case, its links and pictures found from `place`, and the gallery."""
    shipped = ROOT / "cases"
    readmes = [path for where in ("*", "sweeps/*", "table1/*") for path in sorted(shipped.glob(f"{where}/README.md"))]
    pages = {readme.resolve(): readme.parent.name for readme in readmes}
    reports = {path: path.stem for path in sorted(shipped.glob("*_report.md"))}
    reports |= {path: f"{path.parent.name}_report" for path in sorted(shipped.glob("*/report.md"))}
    pages |= {report.resolve(): name for report, name in reports.items()}
    for path, name in pages.items():
        yield name, relinked(path, place, pages)
    shown = [gallery_entry(readme, place) for readme in readmes]
    listed = "\n".join(["```{toctree}", ":hidden:", "", *sorted(set(pages.values())), "```"])
    reported = " ".join(f"[{name}]({name}.md)" for name in reports.values())
    words = f"Every case that comes with eisfv, and what it is held against. The verdicts of all rows: {reported}"
    yield "index", "\n\n".join(["# Gallery", words, listed, *shown]) + "\n"


def relinked(path: Path, place: Path, pages: dict[Path, str]) -> str:
    """Return the text of a page whose links go to pages of the manual where there is one, else to the files."""

    def one(match: re.Match[str]) -> str:
        words, link = match.groups()
        target, _, anchor = link.partition("#")
        there = (path.parent / target).resolve()
        if "://" in link or not target:
            return match.group()
        if there in pages:
            return f"{words}({pages[there]}.md{'#' + anchor if anchor else ''})"
        if there.is_dir() or there.suffix == ".md":
            return words.removeprefix("[").removesuffix("]") if not words.startswith("!") else words
        return f"{words}({os.path.relpath(there, place)})"

    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(LINK.sub(unlinked if line.startswith("#") else one, line) for line in lines) + "\n"


def unlinked(match: re.Match[str]) -> str:
    """Return the words of a link: a heading stands in the table of contents, which cannot hold one."""
    return match.group(1).lstrip("![").rstrip("]")


def gallery_entry(readme: Path, place: Path) -> str:
    """Return the title of a case with a link, its first picture, and the picture's caption."""
    text = readme.read_text(encoding="utf-8")
    title = text.partition("\n")[0].lstrip("# ")
    picture = re.search(r"!\[([^\]]*)\]\(([^)\s]+)\)", text)
    entry = f"## [{title}]({readme.parent.name}.md)"
    if picture is None:
        return entry
    caption, link = picture.groups()
    shown = os.path.relpath((readme.parent / link).resolve(), place)
    return f"{entry}\n\n![{' '.join(caption.split())}]({shown})"


def reference_pages() -> Iterator[tuple[str, str]]:
    """Yield what the tests hold the solver against, and the values of the library."""
    yield "checks", checks()
    yield "library", library()
    yield "meshes", (ROOT / "meshes" / "README.md").read_text(encoding="utf-8")


def checks() -> str:
    """Return the claims of the validations: the first line and the names of the tests of every file."""
    lines = ["# What the solver is held against", ""]
    for path in sorted((ROOT / "tests" / "verification").glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        claims = [
            node.name.removeprefix("test_").replace("_", " ")
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        ]
        first = docstring(path).partition("\n")[0]
        lines += [f"## {first}", "", f"`tests/verification/{path.name}`", "", *(f"- {claim}" for claim in claims), ""]
    return "\n".join(lines)


def library() -> str:
    """Return every material's files, with values and sources."""
    lines = [
        "# Materials of the library",
        "",
        "Each value with how it is known. `eisfv info NAME` draws the curves.",
        "",
    ]
    for path in sorted((ROOT / "eisfv" / "materials").glob("*.toml")):
        lines += [f"## {path.stem}", "", "```toml", path.read_text(encoding="utf-8").rstrip(), "```", ""]
    return "\n".join(lines)
