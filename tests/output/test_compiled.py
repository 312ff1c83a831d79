"""The templates compiled into a wheel make the same pages, and are used only when they are those of the templates."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import jinja2
import pytest
from jinja2 import FileSystemLoader, ModuleLoader

from rsaudit.model import RenderOptions
from rsaudit.output import compiled, html

from .sample import hostile_report, invalid_report, large_report, sample_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.model import Report

TEMPLATES = html.COMPILED.with_name("templates")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the templates as the build of a wheel does."""
    folder = tmp_path_factory.mktemp("pages")
    html.compile_pages(folder)
    return folder


def test_a_checkout_has_none() -> None:
    """Nothing compiled is kept beside the sources, whose templates are read as they are."""
    assert not html.COMPILED.exists()
    assert isinstance(html.environment().loader, FileSystemLoader)


@pytest.mark.parametrize("options", [RenderOptions(), RenderOptions(public=True)])
@pytest.mark.parametrize("make", [sample_report, large_report, hostile_report, invalid_report])
def test_pages_are_the_same(
    pages: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[], Report], options: RenderOptions
) -> None:
    """A page is the same, to the byte, with compiled templates as with their sources."""
    from_source = html.render(make(), options)
    loader = compiled.loader(TEMPLATES, pages)
    monkeypatch.setattr(html, "environment", lambda: html.environment_of(loader))

    assert isinstance(loader, ModuleLoader)
    assert html.render(make(), options) == from_source


def test_every_template_is_compiled(pages: Path) -> None:
    """Each page has its compiled templates, and they alone."""
    environment = html.environment_of(compiled.loader(TEMPLATES, pages))
    names = [path.name for path in TEMPLATES.iterdir() if path.suffix in {".html", ".j2"}]

    assert {environment.get_template(name).name for name in names} == set(names)
    assert len(list(pages.glob("*.py"))) == len(names)


def test_nothing_else_is_ever_run(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates changed by a character, added, or compiled by another version or by none known, are read instead."""
    changed, added = tmp_path / "changed", tmp_path / "added"
    for folder in (changed, added):
        shutil.copytree(TEMPLATES, folder)
    with (changed / "rapport.html").open("a", encoding="utf-8") as stream:
        stream.write(" ")
    (added / "autre.html").write_text("", encoding="utf-8")

    def kind(templates: Path, folder: Path) -> type:
        return type(compiled.loader(templates, folder))

    assert kind(TEMPLATES, pages) is ModuleLoader
    assert kind(changed, pages) is kind(added, pages) is FileSystemLoader
    assert kind(TEMPLATES, tmp_path / "nowhere") is kind(TEMPLATES, TEMPLATES) is FileSystemLoader
    with monkeypatch.context() as patch:
        patch.setattr(jinja2, "__version__", "2.0")
        assert kind(TEMPLATES, pages) is FileSystemLoader
    monkeypatch.delattr(jinja2, "__version__")
    unknown = tmp_path / "unknown"
    html.compile_pages(unknown)
    assert kind(TEMPLATES, unknown) is kind(TEMPLATES, pages) is FileSystemLoader
