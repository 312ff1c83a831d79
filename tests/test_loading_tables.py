"""Tables in CSV and XLSX: French cells, exact numbers, and a refusal by cell of what is doubtful."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsaudit.loading import tables
from rsaudit.loading.cells import CellError, CellType, read_cell
from rsaudit.loading.tables import TableContent, read_csv, read_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBER = CellType(kind="nombre", words=("non_mentionne",))
TYPES = {
    "ref": CellType(kind="texte", synonyms={"vieux": "neuf"}),
    "montant": NUMBER,
    "nombre": CellType(kind="entier"),
    "vu": CellType(kind="booleen"),
    "date": CellType(kind="date"),
    "motifs": CellType(kind="mots", synonyms={"b1": "b2"}),
    "source.piece": CellType(kind="texte"),
    "source.page": CellType(kind="entier"),
}
TITLES = {"ref": "Référence", "montant": "Montant dû"}


def csv_of(text: str | bytes) -> TableContent:
    """Read a CSV table."""
    return read_csv(text.encode() if isinstance(text, str) else text, "t.csv", TYPES, TITLES)


def workbook(*rows: Sequence[Any], title: str = "Feuille") -> bytes:
    """Write a workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xlsx_of(*rows: Sequence[Any], sheet: str | None = None) -> TableContent:
    """Read back a workbook of one sheet."""
    return read_xlsx(workbook(*rows), "t.xlsx", sheet, TYPES, TITLES)


def codes(content: TableContent) -> list[str]:
    """Return the kinds of errors of a table."""
    return [error.code for error in content.errors]


# -- cells -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("   ", None),
        ("450", 450),
        ("450,50", Decimal("450.50")),
        ("450.50", Decimal("450.50")),
        ("-12", -12),
        ("1 234,50", Decimal("1234.50")),
        ("1\u00a0234,50", Decimal("1234.50")),
        ("1\u202f234,50", Decimal("1234.50")),
        ("1\u2009234\u2007567", 1234567),
        ("non_mentionne", "non_mentionne"),
        ("1234.567", Decimal("1234.567")),
    ],
)
def test_numbers(text: str, value: Any) -> None:
    """Numbers are read as one types them in French, every space included, exactly."""
    assert read_cell(text, NUMBER) == value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("12,5 m²", "m²", Decimal("12.5")),
        ("12,5\u00a0m2", "m²", Decimal("12.5")),
        ("450 €", "€", 450),
        ("450\u202f€/mois", "€", 450),
        ("450 €/an", "€/an", 450),
        ("30 %", "%", 30),
        ("165 l", "l", 165),
        ("450", "€", 450),
    ],
)
def test_units(text: str, unit: str, value: Any) -> None:
    """A number may be followed by the unit of its field."""
    assert read_cell(text, CellType(kind="nombre", unit=unit)) == value


@pytest.mark.parametrize(
    ("text", "unit"),
    [("450 €", "m²"), ("12,5 m²", "€"), ("450 €/an", "€"), ("450 €/mois", "€/an"), ("30 %", None)],
)
def test_another_unit(text: str, unit: str | None) -> None:
    """A number in another unit than its field's is refused, never read as if it were in the right one."""
    with pytest.raises(CellError):
        read_cell(text, CellType(kind="nombre", unit=unit))


@pytest.mark.parametrize(
    "text", ["1.234", "-1.234", "12 34", "1 2345", "abc", "1e3", "1,2,3", "²", "٣", "9" * 31]
)
def test_doubtful_numbers(text: str) -> None:
    """What may be read two ways, or is no number, is refused."""
    with pytest.raises(CellError):
        read_cell(text, NUMBER)


def test_ambiguous_point_offers_both() -> None:
    """« 1.234 » is refused with both ways to write it."""
    with pytest.raises(CellError, match=r"1234 ou 1,234"):
        read_cell("1.234", NUMBER)


@pytest.mark.parametrize(
    ("text", "value"), [("30/09/2026", "2026-09-30"), ("2026-09-30", "2026-09-30"), ("", None)]
)
def test_dates(text: str, value: Any) -> None:
    """A date is JJ/MM/AAAA or AAAA-MM-JJ."""
    assert read_cell(text, CellType(kind="date")) == value


@pytest.mark.parametrize(
    "text", ["31/02/2026", "9/9/2026", "30/09/26", "2026-W01-1", "20260930", "09-30-2026", "2026-13-01"]
)
def test_wrong_dates(text: str) -> None:
    """Any other date, or a day that does not exist, is refused."""
    with pytest.raises(CellError):
        read_cell(text, CellType(kind="date"))


@pytest.mark.parametrize(("text", "value"), [("Oui", True), ("NON", False), ("vrai", True), ("false", False)])
def test_booleans(text: str, value: bool) -> None:
    """Oui and non are read whatever their case."""
    assert read_cell(text, CellType(kind="booleen")) is value


def test_other_kinds() -> None:
    """Booleans and integers refuse the rest, and lists of words are cut at the bar."""
    with pytest.raises(CellError):
        read_cell("peut-être", CellType(kind="booleen"))
    with pytest.raises(CellError):
        read_cell("1,5", CellType(kind="entier"))
    assert read_cell(" a | b1 ||c ", TYPES["motifs"]) == ["a", "b2", "c"]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_decimals_round_trip(number: Decimal) -> None:
    """A number typed with the decimal comma is read exactly."""
    assert Decimal(read_cell(f"{number:f}".replace(".", ","), NUMBER)) == number


# -- CSV -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n"])
def test_separators(mark: str, end: str, start: str) -> None:
    """Semicolon, comma or tab, with or without byte order mark or a blank first line, the table is the same."""
    rows = (["ref", "montant", "vu"], ["A", '"1 234,50"', "oui"], ["B", "", ""])
    content = csv_of(start + end.join(mark.join(row) for row in rows) + end)

    assert content.errors == []
    assert content.rows == [{"ref": "A", "montant": Decimal("1234.50"), "vu": True}, {"ref": "B"}]


def test_windows_1252_is_read_with_a_warning() -> None:
    """A table of a French spreadsheet is read, and the doubt on its accents is told."""
    content = csv_of("ref;motifs\nété;a\n".encode("cp1252"))

    assert content.rows == [{"ref": "été", "motifs": ["a"]}]
    assert [(error.code, error.severity) for error in content.errors] == [("windows-1252", "avertissement")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "table-vide"),
        (b"\n ; \n", "table-vide"),
        (b"ref\n\x81\n", "encodage"),
        (b"ref\na\0\n", "caractere-nul"),
        ("ref\na\n".encode("utf-16"), "utf-16"),
        (b'ref\n"a\n', "csv"),
        (b"ref;montants\na;1\n", "colonne-inconnue"),
        ("ref;Référence\na;1\n".encode(), "colonne-en-double"),
        (b"ref;montant\na;1;2\n", "cellule-en-trop"),
        (b"ref;;montant\na;x;2\n", "cellule-en-trop"),
    ],
)
def test_csv_refusals(raw: bytes, code: str) -> None:
    """Each broken table is refused for one reason."""
    assert codes(csv_of(raw)) == [code]


def test_errors_are_told_beside_the_warning() -> None:
    """A cell in error is told beside the warning on the encoding."""
    content = csv_of("ref;montant\né;abc\n".encode("cp1252"))

    assert codes(content) == ["windows-1252", "cellule"]


def test_unknown_column_suggests() -> None:
    """A column mistyped names the nearest field."""
    assert "«\u00a0montant\u00a0»" in csv_of("ref;montnt\na;1\n").errors[0].message


def test_titles_and_accents() -> None:
    """A column may bear the title of its field, whatever case and accents."""
    assert csv_of("REFERENCE;montant du\nA;1\n").rows == [{"ref": "A", "montant": 1}]


def test_csv_places() -> None:
    """Errors are placed at the line of the file and the column, after rows on several lines."""
    content = csv_of('ref;montant;source.piece\n"a\nb";1;P-1\n\nc;x;P-2\n')

    assert content.rows[0] == {"ref": "a\nb", "montant": 1, "source": {"piece": "P-1"}}
    assert [place.line for place in content.places] == [2, 5]
    assert [(error.line, error.cell) for error in content.errors] == [(5, "ligne 5, colonne montant")]


def test_every_cell_error_at_once() -> None:
    """All the wrong cells of a table are told, none hides another, and their text is not shown."""
    content = csv_of("ref;montant;date\nA;secret;31/02/2026\nB;1.234;\n")

    assert codes(content) == ["cellule"] * 3
    assert not any("secret" in error.message for error in content.errors)


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """An immense table is refused, in CSV as in a workbook."""
    monkeypatch.setattr(tables, "MAX_CELLS", 10)

    assert codes(csv_of("ref;montant\n" + "a;1\n" * 10)) == ["csv"]
    assert codes(xlsx_of(["ref", "montant"], *[["a", 1]] * 10)) == ["classeur"]


@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    """No bytes make a reader fail: they give rows, or errors in French."""
    for content in (csv_of(raw), csv_of(b"ref;montant;date\n" + raw), read_xlsx(raw, "t", None, TYPES, {})):
        assert len(content.rows) == len(content.places)
        assert all("found" not in error.message for error in content.errors)


# -- XLSX ------------------------------------------------------------------------------------------------


def test_workbook_values() -> None:
    """Dates, booleans and numbers of a spreadsheet become the values of their fields."""
    content = xlsx_of(
        ["ref", "montant", "vu", "date", "nombre", "motifs", "source.page"],
        ["A", 0.1 + 0.2, True, datetime(2026, 9, 30), 3, "a|b", 4],
        [101, "1 234,50", "non", date(2026, 1, 2), "2", None, None],
        ["C", None, None, "03/04/2026", None, None, None],
    )

    assert content.errors == []
    assert content.rows == [
        {
            "ref": "A",
            "montant": Decimal("0.3"),
            "vu": True,
            "date": "2026-09-30",
            "nombre": 3,
            "motifs": ["a", "b"],
            "source": {"page": 4},
        },
        {"ref": "101", "montant": Decimal("1234.50"), "vu": False, "date": "2026-01-02", "nombre": 2},
        {"ref": "C", "date": "2026-04-03"},
    ]


def test_fifteen_digits() -> None:
    """A number keeps the fifteen digits a spreadsheet keeps, no more."""
    content = xlsx_of(["montant"], [1234.1 * 3], [123456789012345])

    assert [row["montant"] for row in content.rows] == [Decimal("3702.3"), 123456789012345]


def test_empty_rows_are_dropped_and_lines_kept() -> None:
    """Empty rows are passed over, and the others keep their number."""
    content = xlsx_of(["ref", "montant"], [None, None], ["A", 1], ["", None], ["B", "x"])

    assert [row["ref"] for row in content.rows] == ["A", "B"]
    assert (content.places[0].line, content.places[0].columns) == (3, {"ref": "A", "montant": "B"})
    assert [error.cell for error in content.errors] == ["feuille Feuille, cellule B5"]


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("montant", "#DIV/0!"),
        ("ref", "#REF!"),
        ("date", 46295),
        ("montant", timedelta(hours=30)),
        ("montant", time(12, 30)),
        ("montant", date(2026, 9, 30)),
        ("vu", 1),
    ],
)
def test_wrong_cells(heading: str, value: Any) -> None:
    """A formula in error, a number for a date or a duration for an amount is an error of its cell."""
    content = xlsx_of([heading], [value])

    assert [(error.code, error.cell) for error in content.errors] == [
        ("cellule", "feuille Feuille, cellule A2")
    ]


def test_cells_beyond_the_headings() -> None:
    """A value under no heading is told, never dropped in silence."""
    assert codes(xlsx_of(["ref", None], ["A", 5])) == ["cellule-en-trop"]


def test_infinite_number() -> None:
    """A number beyond what can be written is an error of its cell."""
    with pytest.raises(CellError):
        tables._xlsx_value(float("inf"), NUMBER)


def test_workbook_refusals() -> None:
    """An unknown sheet names those there are; an empty or broken workbook is said so."""
    unknown = xlsx_of(["ref"], ["A"], sheet="Contrats")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("bonjour.txt", "bonjour")

    assert codes(unknown) == ["feuille-inconnue"]
    assert "Feuille." in unknown.errors[0].message
    assert codes(xlsx_of([None])) == ["table-vide"]
    assert codes(xlsx_of(["ref", "rff"], ["A", 1])) == ["colonne-inconnue"]
    assert codes(read_xlsx(b"ref;a\n", "t.xlsx", None, TYPES, {})) == ["classeur"]
    assert codes(read_xlsx(stream.getvalue(), "t.xlsx", None, TYPES, {})) == ["classeur"]


def test_zip_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook that unfolds into too much is refused before it is opened."""
    monkeypatch.setattr(tables, "MAX_UNZIPPED", 100)

    assert codes(xlsx_of(["ref"], ["A"])) == ["fichier-trop-gros"]


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table file above the limit is refused before it is read."""
    monkeypatch.setattr(tables, "MAX_BYTES", 10)

    assert codes(csv_of("ref;montant\na;1\n")) == ["fichier-trop-gros"]
    assert codes(xlsx_of(["ref"])) == ["fichier-trop-gros"]
