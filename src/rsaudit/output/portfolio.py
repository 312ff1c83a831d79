"""Several reports in one file, for the formats whose readers expect it; the others are written one file each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BOM = b"\xef\xbb\xbf"


def combine(name: str, parts: Sequence[str | bytes]) -> str | bytes | None:
    """Join reports of one format, already written; `None` when that format holds one dossier only."""
    if len(parts) == 1:
        return parts[0]
    joined = COMBINERS.get(name)
    return None if joined is None else joined(parts)


def _texts(parts: Sequence[str | bytes]) -> str:
    return "\n".join(str(part) for part in parts)


def _sarif(parts: Sequence[str | bytes]) -> str:
    logs = [json.loads(part) for part in parts]
    logs[0]["runs"] = [run for log in logs for run in log["runs"]]
    return json.dumps(logs[0], ensure_ascii=False, indent=2) + "\n"


def _gitlab(parts: Sequence[str | bytes]) -> str:
    return (
        json.dumps([entry for part in parts for entry in json.loads(part)], ensure_ascii=False, indent=2)
        + "\n"
    )


def _junit(parts: Sequence[str | bytes]) -> str:
    roots = [Tree.fromstring(part) for part in parts]  # noqa: S314 - written by ourselves a moment ago
    whole = roots[0]
    for root in roots[1:]:
        whole.extend(list(root))
        for key in ("tests", "failures", "errors", "skipped"):
            if key in whole.attrib:
                whole.set(key, str(int(whole.get(key, "0")) + int(root.get(key, "0"))))
    Tree.indent(whole)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(whole, encoding="unicode") + "\n"


def _csv(parts: Sequence[str | bytes]) -> bytes:
    first, *others = [part if isinstance(part, bytes) else part.encode() for part in parts]
    return first + b"".join(other.removeprefix(_BOM).split(b"\r\n", 1)[1] for other in others)


#: How the reports of a format are joined, where its readers expect several.
COMBINERS: dict[str, Callable[[Sequence[str | bytes]], str | bytes]] = {
    "terminal": _texts,
    "github": _texts,
    "markdown": _texts,
    "sarif": _sarif,
    "gitlab": _gitlab,
    "junit": _junit,
    "csv": _csv,
}
