"""Documents made for tests: the smallest real Word, OpenDocument and PDF files, and crafted ones."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Zip parts, with fixed dates."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def docx_of(body: str, *, prolog: str = "", **parts: str) -> bytes:
    """Make a Word document of the XML of its body."""
    xml = f'<?xml version="1.0"?>{prolog}<w:document {W} {MC}><w:body>{body}</w:body></w:document>'
    return archive({"word/document.xml": xml, **{f"word/{name}.xml": text for name, text in parts.items()}})


def docx(paragraphs: Sequence[str]) -> bytes:
    """Make a Word document; a paragraph that begins with « # » is a heading."""
    return docx_of("".join(_w_paragraph(text) for text in paragraphs))


def _w_paragraph(text: str) -> str:
    style = '<w:pPr><w:pStyle w:val="Titre1"/></w:pPr>' if text.startswith("#") else ""
    # Word cuts a sentence in runs anywhere.
    plain = text.lstrip("# ")
    half = len(plain) // 2
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in (plain[:half], plain[half:])
    )
    return f"<w:p>{style}{runs}</w:p>"


def odt_of(body: str, *, prolog: str = "") -> bytes:
    """Make an OpenDocument text of the XML of its body."""
    xml = (
        f'<?xml version="1.0"?>{prolog}<office:document-content {ODF}><office:body>'
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    )
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": xml})


def odt(paragraphs: Sequence[str]) -> bytes:
    """Make an OpenDocument text; a paragraph that begins with « # » is a heading."""
    return odt_of(
        "".join(
            f"<text:h>{escape(text.lstrip('# '))}</text:h>"
            if text.startswith("#")
            else f"<text:p>{escape(text)}</text:p>"
            for text in paragraphs
        )
    )


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Make a PDF of lines of text, page by page."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for rank, lines in enumerate(pages):
        drawn = b"".join(b"(%s) Tj 0 -16 Td " % _pdf_text(line) for line in lines)
        content = b"BT /F1 11 Tf 60 780 Td " + drawn + b"ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * rank)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return pdf_of(objects)


def _pdf_text(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Make a PDF of its objects, numbered from 1; the first is the catalogue."""
    out = b"%PDF-1.4\n"
    places = []
    for rank, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (rank, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )
