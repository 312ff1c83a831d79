"""Règlements and tables made by LibreOffice, read by the real program. Without LibreOffice, the tests fail."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import openpyxl
import pytest

from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOUBTFUL = ROOT / "tests/relecture/reglement-a-relire.txt"
PLAIN = ROOT / "tests/relecture/reglement-sobre.txt"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Convert a file with LibreOffice, in a profile of its own."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.fail("LibreOffice absent : installer libreoffice-writer et libreoffice-calc")
    profile = tmp_path_factory.mktemp("profil").as_uri()

    def convert(source: Path, to: str) -> Path:
        folder = source.parent / "converti"
        command = [program, "--headless", f"-env:UserInstallation={profile}", "--convert-to", to]
        subprocess.run(
            [*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=120
        )
        return folder / f"{source.stem}.{to.split(':')[0]}"

    return convert


def page_of(text: str) -> str:
    """Lay a règlement out as a word processor has it: headings, paragraphs, a list, a page break."""
    html = []
    for block in text.split("\n\n"):
        lines = block.splitlines()
        title, body = (lines[0], lines[1:]) if lines[0].startswith("Article") else ("", lines)
        html.append(f"<h2>{title}</h2>" if title else "")
        items = [line.removeprefix("- ") for line in body if line.startswith("- ")]
        before = " ".join(body[: body.index("- " + items[0])]) if items else " ".join(body)
        after = " ".join(body[body.index("- " + items[-1]) + 1 :]) if items else ""
        html.append(f"<p>{before}</p>")
        html.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>" if items else "")
        html.append(f"<p>{after}</p>" if after else "")
    middle = len(html) // 2
    html.insert(middle, '<p style="page-break-before: always"></p>')
    return f'<html lang="fr"><meta charset="utf-8"><body>{"".join(html)}</body></html>'


def titles(program: Callable[..., subprocess.CompletedProcess[bytes]], path: Path) -> set[str]:
    """Return the titles of the passages pointed at."""
    done = program("relire", str(path))
    assert done.returncode == 0, done.stderr.decode()
    listed = done.stdout.decode().split("MENTIONS")[0]
    return {line.split(". ", 1)[1] for line in listed.splitlines() if line[:1].isdigit() and ". " in line}


@pytest.mark.parametrize("to", ["odt", "docx:MS Word 2007 XML", "pdf"])
@pytest.mark.parametrize("text", [DOUBTFUL, PLAIN], ids=["a-relire", "sobre"])
def test_documents_of_a_word_processor(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
    office: Callable[[Path, str], Path],
    tmp_path: Path,
    text: Path,
    to: str,
) -> None:
    """The passages of a règlement are the same in its text and in the file a word processor makes of it."""
    source = tmp_path / "reglement.html"
    source.write_text(page_of(text.read_text(encoding="utf-8")), encoding="utf-8")
    document = office(source, "odt:writer8")
    if to != "odt":
        document = office(document, to)

    assert titles(program, document) == titles(program, text)
    shown = program("relire", str(document)).stdout.decode()
    assert ("page\u00a02" in shown) == (to == "pdf")


def test_a_platform_file_saved_by_a_spreadsheet(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
    office: Callable[[Path, str], Path],
    tmp_path: Path,
) -> None:
    """The file made for the platform, opened and saved by LibreOffice, is imported as it was."""
    target = tmp_path / "logements.xlsx"
    assert (
        program("exporter", "examples/benjoin", "--plateforme", "logements", "-o", str(target)).returncode
        == 0
    )
    saved = office(office(target, "ods"), "xlsx")
    rows = list(openpyxl.load_workbook(saved)["Logements"].iter_rows(values_only=True))
    assert rows[2][:2] == ("001", "T1'")
    copy = shutil.copytree(ROOT / "examples/benjoin", tmp_path / "benjoin")
    done = program("importer", str(saved), "-o", str(copy), "--essai")

    assert done.returncode == 0, done.stderr.decode()
    assert "~ batiment" not in done.stdout.decode()
    assert "+ batiment" not in done.stdout.decode()
