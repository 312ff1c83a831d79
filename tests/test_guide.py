"""The guide of the rules: all of them, every exigence, one inert page, written whole or not at all."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from rsaudit.output.guide import render_guide

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from rsaudit.cli.session import Session

    Program = Callable[..., subprocess.CompletedProcess[bytes]]

COMMAND = ("regles", "--guide", "--date", "2026-09-30")


class Page(HTMLParser):
    """Tags, ids and links of a page; every element must be closed by its own end."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.opened: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the last element opened."""
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)


@pytest.fixture(scope="module")
def text(program: Program) -> str:
    done = program(*COMMAND)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8")


def test_every_rule_and_exigence_is_there(text: str, session: Session) -> None:
    page = Page(text)
    assert not page.opened
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    cells = set(page.words)
    for compiled in session.rulesets([], with_cases=False):
        name = compiled.ruleset.id
        assert {f"{name}.{rule.rule.id}" for rule in compiled.rules} <= set(ids)
        assert {one.id for one in compiled.ruleset.requirements} <= cells
    links = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    assert all(link.startswith("#") and link[1:] in {*ids, "contenu"} for link in links)


def test_the_page_is_inert_and_takes_nothing_elsewhere(text: str) -> None:
    page = Page(text)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "svg"}
    for _, attributes in page.tags:
        assert not {"src", "style", "srcset", "action"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(
        attributes["content"] or ""
        for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")


def test_a_rule_says_what_it_asks_why_and_with_which_values(text: str) -> None:
    words = re.sub(r"\s+", " ", " ".join(Page(text).words))
    for said in (
        "Ce qui est demandé",
        "Ce que dit le rapport",
        "Valeurs en vigueur à la date",
        "Lectures retenues",
        "Réserve",
        "Gravité",
        "dans les autres cas",
        "Preuve attendue",
        "Pièce",
        "automatique, sur les données",
        "documentaire, sur les pièces",
        "manuel, sur place",
        "informatif, hors décompte",
    ):
        assert said in words


def test_texts_are_escaped() -> None:
    hostile = "<script>alert(1)</script>\"'</style>"
    rule = {"id": "r", "title": hostile, "origin": hostile, "lines": [(hostile, [hostile])]}
    ruleset = {
        "id": "essai",
        "title": hostile,
        "version": hostile,
        "scope": hostile,
        "parent": hostile,
        "overrides": [{"rule": hostile, "action": hostile, "reason": hostile, "source": hostile}],
        "chapters": [{"id": "c", "title": hostile, "rules": [rule]}],
        "coverage": [{"id": hostile, "summary": hostile, "nature": hostile, "rules": []}],
        "totals": [(hostile, 1)],
    }
    page = Page(render_guide([ruleset], tool="rsaudit essai", day="30/09/2026"))
    assert "script" not in {tag for tag, _ in page.tags}


def test_an_extension_says_what_it_replaces(program: Program) -> None:
    done = program(*COMMAND, "-r", "examples/referentiels/departement-974-essai")
    words = done.stdout.decode("utf-8")
    assert "Règle « dernier-compte-rendu-au-hall » remplacée" in words.replace("\u00a0", " ")
    assert re.search(r"<dd>taille-humaine, du référentiel «\s*reunion", words)


def test_the_file_is_ours_or_is_left_alone(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "guide.html"
    for _ in range(2):
        done = program(*COMMAND, "-r", "accompagnement", "-o", str(path))
        assert done.returncode == 0, done.stderr.decode()
    first = path.read_bytes()
    assert first.startswith(b"<!DOCTYPE html>")
    path.write_text("<p>À moi</p>", "utf-8")
    assert program(*COMMAND, "-o", str(path)).returncode not in {0, 1}
    assert path.read_text("utf-8") == "<p>À moi</p>"
    assert [one.name for one in tmp_path.iterdir()] == ["guide.html"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "guide.html"], "vont avec « --guide »"),
        (["--date", "2026-09-30"], "vont avec « --guide »"),
        (["--guide", "-o", "guide.json"], "en HTML seulement"),
        (["--guide", "--format", "json"], "en HTML seulement"),
    ],
)
def test_refused(program: Program, arguments: list[str], said: str) -> None:
    done = program("regles", *arguments)
    assert done.returncode == 2
    assert said in done.stderr.decode("utf-8").replace("\u00a0", " ")
    assert not (ROOT / "guide.html").exists()


def test_a_rule_says_why_it_is_as_grave_and_the_value_in_force(text: str) -> None:
    """A manager reads in plain French what is awaited, the value in force, and what is at stake."""
    words = [" ".join(one.split()) for one in Page(text).words if one.strip()]
    rule = words[words.index("part-des-etudiants") :]

    assert rule[rule.index("Ce qui est demandé") + 1] == "au plus 20 % des résidents"
    assert rule.index("Gravité") < rule.index("Pourquoi") < rule.index("Preuve attendue")


def test_rules_follow_the_order_of_the_text(text: str, session: Session) -> None:
    """Within a chapter, a rule comes where the first exigence it covers is written."""
    ids = [attributes["id"] for _, attributes in Page(text).tags if "id" in attributes]
    for compiled in session.rulesets([], with_cases=False):
        order = [one.id for one in compiled.ruleset.requirements]
        for chapter in compiled.ruleset.chapters:
            rules = [each.rule for each in compiled.rules if each.rule.chapter == chapter.id]
            places = {
                f"{compiled.ruleset.id}.{one.id}": min(map(order.index, one.requirements)) for one in rules
            }
            printed = [places[one] for one in ids if one in places]
            assert printed == sorted(printed)
