"""A dossier full of hostile text: the faulty example, with an attack in every text leaf of the schemas it has."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from conftest import ROOT
from rsaudit import resources
from rsaudit.loading import find_dossiers, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rsaudit.cli.session import Session

#: Attacks on the readers of our formats, each short enough for the shortest free text of a dossier.
ATTACKS = (
    "<script>alert(1)</script>",
    "</td></table></body>",
    '" onload="alert(1)" x="',
    "</style><style>*{display:none}",
    "</title></svg><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "]]></testcase><failure/>",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "=cmd|'/C calc'!A0",
    "+1+1 @SUM(1)",
    "-2+3 ; =1+1",
    '","=1+1","',
    "::error::faux %0A",
    "##[error]faux",
    "[x](javascript:alert(1)) ![y](http://z.invalid/a)",
    "| a | `b` <!-- c",
    "a\n::warning::b\r\nc",
    "a\nEND:VEVENT\nBEGIN:VALARM",
    "\x1b[31mrouge\x1b[0m",
    "\x1b]8;;http://z.invalid\x07lien\x1b]8;;\x07",
    "\x9b31m\x9d8;;http://z.invalid\x9c",
    "a\u202efdp.exe\u2066b\u200f",
    "a\u2028b\u2029c\u0085d",
    "\ufeff\u200b\u00ad\U000e0041",
    "{{7*7}} {% raw %} ${7*7} [red]x[/]",
    "url(http://z.invalid/a) @import 'b'",
)
#: Those that a workbook carries without loss: the others are refused before it is written.
CARRIED = tuple(one for one in ATTACKS if not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", one))
_SECTIONS = ("residence", "batiment", "contrats", "reglement_interieur", "finances", "vie_sociale")
_BESIDE = ("controle", "reponses", "derogations")
#: Where a table is: no text that a report prints.
_FILES = {"fichier", "feuille"}


@dataclass
class Sower:
    """Puts attacks in the text leaves of one section, and remembers which leaves it reached."""

    root: dict[str, Any]
    attacks: tuple[str, ...] = ATTACKS
    sown: set[str] = field(default_factory=set)
    leaves: set[str] = field(default_factory=set)
    turn: int = 0

    def sow(self, value: Any, schema: dict[str, Any], path: str) -> Any:
        """Return a value with an attack in every free text its schema gives room for."""
        for one in self._branches(schema):
            if isinstance(value, dict) and "properties" in one:
                return self._object(value, one["properties"], path)
            if isinstance(value, list) and "items" in one:
                return [self.sow(item, one["items"], f"{path}[]") for item in value]
        return value

    def _object(self, value: dict[str, Any], properties: dict[str, Any], path: str) -> dict[str, Any]:
        sown = {key: self.sow(item, properties.get(key, {}), f"{path}.{key}") for key, item in value.items()}
        for key, schema in properties.items():
            room = self._room(schema)
            if room and key not in _FILES:
                self.sown.add(f"{path}.{key}")
                sown[key] = self._attack(room)
        return sown

    def _attack(self, room: int) -> str:
        """Give the next attacks, as many as there is room for, and a number: some texts name their item."""
        text, number = "", f" {self.turn}"
        while True:
            more = self.attacks[self.turn % len(self.attacks)]
            if text and len(text) + 1 + len(more) + len(number) > room:
                return text[: room - len(number)] + number
            text = f"{text} {more}" if text else more
            self.turn += 1

    def _room(self, schema: dict[str, Any]) -> int:
        """Say how long a free text may be; nothing for a code, a date, a word of a list, a table or a number."""
        branches = list(self._branches(schema))
        closed = {"properties", "items", "format", "pattern", "enum", "const"}
        free = [one for one in branches if one.get("type") == "string" and not closed & one.keys()]
        return int(free[0].get("maxLength", 200)) if free else 0

    def _branches(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if "$ref" in schema:
            target: Any = self.root
            for key in schema["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            yield from self._branches(target)
        for one in schema.get("anyOf", ()):
            yield from self._branches(one)
        if "$ref" not in schema and "anyOf" not in schema:
            yield schema


def schema_of(section: str) -> dict[str, Any]:
    """Read the schema of a section."""
    text = (resources.schemas_folder() / f"{section}.schema.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def write_hostile_dossier(folder: Path, session: Session, attacks: tuple[str, ...] = ATTACKS) -> set[str]:
    """Write the hostile dossier as one YAML file in a folder; return the text leaves that hold an attack."""
    (reference,), _ = find_dossiers(ROOT / "examples/benjoin-fautif")
    read = load(reference, session.schemas).data
    sown: set[str] = set()
    told: dict[str, Any] = {}
    for section in (*_SECTIONS, *_BESIDE):
        if read.get(section) is None:
            continue
        sower = Sower(root=schema_of(section), attacks=attacks)
        told[section] = sower.sow(_plain(read[section]), sower.root, section)
        sown |= sower.sown
    (folder / "residence.yaml").write_text(_yaml(told), encoding="utf-8", newline="\n")
    return sown


def write_hostile_ruleset(folder: Path) -> None:
    """Write a référentiel of ours, named as the folder, with an attack in its title, that of its text and those of its rules."""
    shutil.copytree(ROOT / "rulesets" / folder.name, folder)
    shutil.copy(ROOT / "rulesets/faits.yaml", folder.parent)
    attacks = [one for one in ATTACKS if max(one) < "\U00010000"]
    turn = 0
    for path in sorted(folder.rglob("*.yaml")):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        for rank, line in enumerate(lines):
            if re.match(r"titre: \S", line):
                lines[rank] = f"{line[: line.index(':')]}: {json.dumps(attacks[turn % len(attacks)])}\n"
                turn += 1
        path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _plain(value: Any) -> Any:
    """Return data as a dossier writes it: no date and no decimal object, no key of our own."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _yaml(data: Any) -> str:
    """Write data as JSON, which is YAML but for the characters beyond 16 bits: each that is not ASCII an escape."""
    text = json.dumps(data, ensure_ascii=True, indent=1, default=_decimal)
    pairs = re.sub(
        r"\\u(d[89ab]..)\\u(d[c-f]..)",
        lambda found: f"\\U{0x10000 + (int(found[1], 16) - 0xD800) * 0x400 + int(found[2], 16) - 0xDC00:08x}",
        text,
    )
    return _decimals(pairs) + "\n"


def _decimal(value: object) -> str:
    assert isinstance(value, Decimal)
    return f"@decimal@{value}@"


def _decimals(text: str) -> str:
    return re.sub(r'"@decimal@([^@"]*)@"', r"\1", text)
