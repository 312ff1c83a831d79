"""Documents read as paragraphs: what each format says, where, and the refusal of those made to harm."""

from __future__ import annotations

import io
import os
import stat
import time
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from made import archive, docx, docx_of, odt, odt_of, pdf, pdf_of
from rsaudit.documents import DocumentError, open_document, opening
from rsaudit.documents.pdf import read_pdf
from rsaudit.documents.structure import from_pages, heading

if TYPE_CHECKING:
    from pathlib import Path

    from rsaudit.documents import Document

TEXTS = ["# Article 1 – Visites", "Les visites sont libres, à l’heure que l’on veut.", "Fin."]


def opened(folder: Path, name: str, content: bytes | str) -> Document:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_document(path)


def refusal(folder: Path, name: str, content: bytes | str) -> str:
    """Return the sentence by which a document is refused."""
    with pytest.raises(DocumentError) as caught:
        opened(folder, name, content)
    assert caught.value.exit_code == 3
    assert caught.value.hint
    return caught.value.message


# -- what is read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.docx", docx(TEXTS)),
        ("r.odt", odt(TEXTS)),
        ("r.pdf", pdf([[text.lstrip("# ") for text in TEXTS]])),
        ("r.txt", "\n".join(text.lstrip("# ") for text in TEXTS)),
        ("r.md", "\n\n".join(TEXTS)),
        ("r.TXT", "\r\n\r\n".join(TEXTS).encode("cp1252")),
        ("r.txt", "\n\n".join(TEXTS).encode("utf-16")),
        ("r.txt", b"\xef\xbb\xbf" + "\n\n".join(TEXTS).encode()),
    ],
    ids=["docx", "odt", "pdf", "txt", "md", "cp1252", "utf-16", "utf-8-bom"],
)
def test_every_format_says_the_same(tmp_path: Path, name: str, content: bytes | str) -> None:
    """Whatever the format and the encoding, the same paragraphs come out under the same clause."""
    document = opened(tmp_path, name, content)

    assert [paragraph.text.lstrip("# ") for paragraph in document.paragraphs] == [
        text.lstrip("# ") for text in TEXTS
    ]
    assert [paragraph.clause for paragraph in document.paragraphs] == ["article 1"] * 3
    assert document.pages == (1 if name == "r.pdf" else None)


def test_a_text_in_windows_1252_is_told(tmp_path: Path) -> None:
    """A text whose encoding had to be supposed says so."""
    assert opened(tmp_path, "r.txt", "été".encode("cp1252")).notices
    assert opened(tmp_path, "r.txt", "été").notices == ()


def test_word_leaves_out_what_is_no_text(tmp_path: Path) -> None:
    """Deleted text, field codes and the double of a text box are not read; tabs, breaks and notes are."""
    body = (
        "<w:p><w:r><w:t>Un</w:t><w:tab/><w:t>deux</w:t><w:br/><w:t>trois</w:t></w:r>"
        "<w:del><w:r><w:delText>supprimé</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>cadre</w:t></w:r></w:p></mc:Choice>"
        "<mc:Fallback><w:p><w:r><w:t>cadre</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>point</w:t></w:r></w:p>"
    )
    notes = docx_of("").decode("latin-1") and (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:footnote><w:p><w:r><w:t>note</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    document = opened(tmp_path, "r.docx", docx_of(body, footnotes=notes))

    assert [paragraph.text for paragraph in document.paragraphs] == [
        "Un\tdeux\ntrois",
        "cadre",
        "point",
        "note",
    ]
    assert [paragraph.is_item for paragraph in document.paragraphs] == [False, False, True, False]


def test_opendocument_leaves_out_what_is_no_text(tmp_path: Path) -> None:
    """Tracked deletions and comments are not read; spaces, breaks, lists and notes are."""
    body = (
        "<text:tracked-changes><text:p>supprimé</text:p></text:tracked-changes>"
        '<text:p>Un<text:s text:c="2"/>deux<text:line-break/>trois'
        "<office:annotation><text:p>commentaire</text:p></office:annotation></text:p>"
        "<text:list><text:list-item><text:p>point</text:p></text:list-item></text:list>"
    )
    document = opened(tmp_path, "r.odt", odt_of(body))

    assert [(paragraph.text, paragraph.is_item) for paragraph in document.paragraphs] == [
        ("Un  deux\ntrois", False),
        ("point", True),
    ]


def test_pages_of_a_pdf(tmp_path: Path) -> None:
    """A sentence that goes on over the page is one paragraph, its running heads apart, each place with its page."""
    pages = [
        ["Règlement", "Article 1", "Les visites sont", "page 1"],
        ["Règlement", "autorisées de 8 h à 21 h.", "Article 2", "page 2"],
        ["Règlement", "Rien d’autre.", "page 3"],
    ]
    document = opened(tmp_path, "r.pdf", pdf(pages))
    joined = document.paragraphs[1]

    assert (document.pages, joined.text) == (3, "Les visites sont\nautorisées de 8 h à 21 h.")
    assert (joined.page_at(0), joined.page_at(joined.text.index("21 h"))) == (1, 2)
    assert [paragraph.text for paragraph in document.paragraphs][-1] == "Rien d’autre."
    assert [paragraph.clause for paragraph in document.paragraphs] == [
        "article 1",
        "article 1",
        "article 2",
        "article 2",
    ]


def test_pages_without_text_are_told(tmp_path: Path) -> None:
    """A PDF with an image among its pages says which were not read; one made of images only is refused."""
    (notice,) = opened(tmp_path, "r.pdf", pdf([["Texte."], []])).notices

    assert "(2)" in notice
    assert "images de pages" in refusal(tmp_path, "r.pdf", pdf([[], []]))


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        ("Article 7 : Animaux", "article 7"),
        ("ARTICLE 4-2", "article 4-2"),
        ("Art. 12. - Visites", "article 12"),
        ("Article premier", "article premier"),
        ("IV. Vie collective", "IV. Vie collective"),
        ("3.2 Visites", "3.2 Visites"),
        ("CHAPITRE II Vie", "CHAPITRE II Vie"),
        ("Les articles 7 et 8 s’appliquent.", None),
        ("12 mois au plus", None),
        ("2. Les visites sont interdites.", None),
        ("", None),
    ],
)
def test_headings(line: str, clause: str | None) -> None:
    """A line that opens an article or a division names the clause; a sentence does not."""
    assert heading(line) == clause


def test_lines_are_gathered() -> None:
    """Lines of one sentence make one paragraph; bullets, headings and new sentences open others."""
    texts = [
        p.text
        for p in from_pages(["Il est interdit :\n- de fumer\ndans le hall ;\n- de crier.\nFin du\ntexte."])
    ]

    assert texts == ["Il est interdit :", "- de fumer\ndans le hall ;", "- de crier.", "Fin du\ntexte."]


# -- what is refused -------------------------------------------------------------------------------------

BOMB = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
DEEP = "<w:p>" * 5_000 + "</w:p>" * 5_000


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("r.doc", b"x", "ne finit pas par"),
        ("r.txt", b"", "aucun texte"),
        ("r.txt", b"a\0b", "pas du texte"),
        ("r.txt", b"a\x81", "pas du texte"),
        ("r.docx", b"PK\x03\x04", "abîmé"),
        ("r.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "mot de passe"),
        ("r.docx", archive({"autre.xml": "<a/>"}), "abîmé"),
        ("r.docx", archive({"word/document.xml": "<a>"}), "abîmé"),
        ("r.docx", docx_of("<w:p/>", prolog=BOMB), "entités"),
        ("r.docx", docx_of("<w:p/>", prolog=OUTSIDE), "entités"),
        ("r.odt", odt_of("<text:p>&x;</text:p>", prolog=OUTSIDE), "entités"),
        ("r.docx", docx_of(DEEP), "imbriqués"),
        ("r.docx", docx_of("<w:p><w:r><w:t>" + "a" * 3_100_000 + "</w:t></w:r></w:p>"), "trop de texte"),
        ("r.txt", "a\n" * 1_600_000, "trop de texte"),
        ("r.docx", archive({"word/document.xml": b"\0" * (65 << 20)}), "démesuré"),
        ("r.docx", archive({f"p{n}": "" for n in range(5_001)}), "démesuré"),
        ("r.pdf", b"%PDF-1.4\n", "abîmé"),
        ("r.pdf", pdf_of([b"<< /Type /Catalog /Pages 1 0 R >>"]), "abîmé"),
        ("r.pdf", pdf([["a"]] * 401), "trop de pages"),
    ],
)
def test_refusals(tmp_path: Path, name: str, content: bytes | str, why: str) -> None:
    """Each broken, protected or crafted document is refused in French, for its own reason, without delay."""
    start = time.monotonic()

    assert why in refusal(tmp_path, name, content)
    assert time.monotonic() - start < 30


def crafted_entry(**change: int) -> bytes:
    """Make an archive whose only part has a doctored header."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        entry = zipfile.ZipInfo("word/document.xml")
        for name, value in change.items():
            setattr(entry, name, value)
        zipped.writestr(entry, "/etc/passwd")
    return stream.getvalue()


def test_crafted_archives(tmp_path: Path) -> None:
    """A link, a part given twice, a protected part or a lie about a size is refused."""
    assert "lien" in refusal(tmp_path, "r.docx", crafted_entry(external_attr=(stat.S_IFLNK | 0o777) << 16))
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as zipped:
        zipped.writestr("word/document.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            zipped.writestr("word/document.xml", "<b/>")
    assert "deux fois" in refusal(tmp_path, "r.docx", twice.getvalue())
    raw = bytearray(docx(TEXTS))
    place = raw.rindex(b"PK\x01\x02")
    raw[place + 8] |= 1
    assert "mot de passe" in refusal(tmp_path, "r.docx", bytes(raw))
    raw = bytearray(docx_of("<w:p/>" * 400_000))
    place = raw.rindex(b"PK\x01\x02")
    raw[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    assert "abîmé" in refusal(tmp_path, "r.docx", bytes(raw))


def test_links_and_odd_files(tmp_path: Path) -> None:
    """A symbolic link, a folder, a pipe and a file that is absent or too large are refused, unread."""
    (tmp_path / "vrai.txt").write_text("Texte.", encoding="utf-8")
    (tmp_path / "lien.txt").symlink_to(tmp_path / "vrai.txt")
    (tmp_path / "dossier.txt").mkdir()
    os.mkfifo(tmp_path / "tube.txt")
    with (tmp_path / "gros.txt").open("wb") as stream:
        stream.truncate(opening.MAX_BYTES + 1)
    for name, why in (
        ("lien.txt", "lien symbolique"),
        ("dossier.txt", "fichier ordinaire"),
        ("tube.txt", "fichier ordinaire"),
        ("gros.txt", "pèse"),
        ("absent.txt", "n’existe pas"),
    ):
        with pytest.raises(DocumentError) as caught:
            open_document(tmp_path / name)
        assert why in caught.value.message


def test_a_pdf_that_never_ends_is_stopped() -> None:
    """Whatever a PDF makes the library do, its process is stopped in time and the document refused."""
    huge = pdf([["un mot après l’autre"] * 400] * 300)
    start = time.monotonic()
    with pytest.raises(DocumentError, match="temps permis"):
        read_pdf(huge, "r.pdf", seconds=0.005)  # no process starts so soon, however fast the machine
    assert time.monotonic() - start < 10


def test_a_pdf_bomb_is_refused(tmp_path: Path) -> None:
    """A page that unpacks to gigabytes is refused within the memory and the time allowed."""
    packed = zlib.compress(zlib.compress(b"\0" * (1 << 28), 9), 9)
    content = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        content,
    ]

    assert refusal(tmp_path, "r.pdf", pdf_of(objects))


def test_page_trees_that_loop(tmp_path: Path) -> None:
    """Pages that hold themselves, or each other, are refused."""
    loop = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>",
    ]

    assert refusal(tmp_path, "r.pdf", pdf_of(loop))
