"""Any bytes in: what reads a file gives data or our own French errors, soon, in little memory, whatever the file holds."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import re
import shutil
import signal
import tempfile
import time
import zipfile
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsaudit.archives import damages
from rsaudit.cli import run
from rsaudit.cli.session import Session
from rsaudit.cli.settings import read as read_settings
from rsaudit.conditions import parse, parse_range
from rsaudit.errors import RsauditError
from solidite.campaign import Campaign, Outcome, Scale

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "solidite" / "graines"
"""Small files of each kind, and those that once broke a reader: a file found to break one is added here."""
SECONDS = 5
MEBIBYTES = 500
_FEW = 6
_MINUTES = 5.0
_LARGEST_SEED = 20_000
_SESSION = Session()


# -- what is read ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
    """A way in: its name, the files the bytes start from, what reads them, and the name they are given."""

    name: str
    seeds: Callable[[], list[bytes]]
    read: Callable[[Path], object]
    file: str


def _files(*patterns: str) -> Callable[[], list[bytes]]:
    def found() -> list[bytes]:
        paths = sorted(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())
        return [raw for path in paths if len(raw := path.read_bytes()) <= _LARGEST_SEED]

    return found


def _dossier(path: Path) -> object:
    from rsaudit.loading import find_dossiers
    from rsaudit.reception import receive

    return [receive(one, _SESSION.schemas) for one in find_dossiers(path)[0]]


def _table(path: Path) -> object:
    """Read a table as a dossier that names it does."""
    shutil.copytree(ROOT / "examples" / "benjoin", path.parent / "d", dirs_exist_ok=True)
    shutil.copyfile(path, path.parent / "d" / "contrats.csv")
    return _dossier(path.parent / "d")


def _grid(path: Path) -> object:
    from rsaudit.intake import read_grid

    return read_grid(path, ())


def _map(path: Path) -> object:
    from rsaudit.intake import read_map

    return read_map(path, _SESSION.schemas.sections)


def _condition(path: Path) -> object:
    text = path.read_bytes().decode("utf-8", "replace")
    try:
        return parse(text)
    except RsauditError:
        return parse_range(text)


def _ruleset(path: Path) -> object:
    """Read a référentiel with the bytes in place of one of its files, of its head for one in three."""
    folder = path.parent / "etranger"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "examples" / "referentiels" / _example(), folder / _example())
    own = folder / _example()
    raw = path.read_bytes()
    for name in ("referentiel.yaml", "parametres.yaml", "c/regle.yaml"):
        if raw[:9] in (own / name).read_bytes()[:9] if (own / name).is_file() else name.startswith("c/"):
            (own / name).parent.mkdir(exist_ok=True)
            (own / name).write_bytes(raw)
            break
    return _SESSION.ruleset(own)


def _lexicon(path: Path) -> object:
    """Read the lexicon of a référentiel whose one file holds the bytes."""
    from rsaudit.lexicon import load_lexicon

    folder = path.parent / "lexique_seul"
    (folder / "lexique").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, folder / "lexique" / "l.yaml")
    return load_lexicon(folder, _SESSION.schemas, _requirements())


@cache
def _requirements() -> tuple[str, ...]:
    folder = _SESSION.folder("reunion")
    return _SESSION.ruleset(folder, with_cases=False).requirement_ids


@cache
def _example() -> str:
    return sorted(
        path.parent.name for path in (ROOT / "examples" / "referentiels").glob("*/referentiel.yaml")
    )[0]


def _report(path: Path) -> object:
    from rsaudit.cli.reports import read_reports

    return read_reports(str(path))


def _document(path: Path) -> object:
    from rsaudit.documents import open_document

    return open_document(path)


def _sheet(path: Path) -> object:
    from rsaudit.answering import read
    from rsaudit.loading.recognition import sheet_names

    return read(path.read_bytes(), path.name, sheet_names(path), {})


@cache
def _made(*arguments: str) -> bytes:
    """Return what the program itself writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / arguments[-1]
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            run([*arguments[:-1], "-o", str(path)])
        return path.read_bytes()


_SMALL = str(ROOT / "examples" / "identite-seule.yaml")
_DAY = ("--date", "2026-09-30")


def _conditions() -> list[bytes]:
    rules = sorted((ROOT / "rulesets").glob("*/*/*.yaml"))
    found = [re.findall(rb"(?m)^exiger: (.+)$", path.read_bytes()) for path in rules]
    return [text for texts in found for text in texts]


TARGETS = (
    Target(
        "YAML d’un dossier",
        _files("examples/*.yaml", "examples/*/*.yaml", "solidite/graines/*.yaml"),
        _dossier,
        "d.yaml",
    ),
    Target("table CSV d’un dossier", _files("examples/*/*.csv"), _table, "t.csv"),
    Target("table à importer, CSV", _files("examples/*/*.csv"), _grid, "t.csv"),
    Target("table à importer, classeur", lambda: [_made("exporter", "--vide", "d.xlsx")], _grid, "t.xlsx"),
    Target("classeur d’un dossier", lambda: [_made("exporter", _SMALL, "d.xlsx")], _dossier, "d.xlsx"),
    Target("correspondance", _files("correspondances/*.yaml"), _map, "m.yaml"),
    Target("condition", _conditions, _condition, "c.txt"),
    Target(
        "référentiel",
        _files("examples/referentiels/*/*.yaml", "examples/referentiels/*/*/*.yaml"),
        _ruleset,
        "r.yaml",
    ),
    Target("lexique", _files("rulesets/*/lexique/*.yaml"), _lexicon, "l.yaml"),
    Target("rsaudit.toml", _files("solidite/graines/*.toml"), read_settings, "rsaudit.toml"),
    Target("rapport JSON", lambda: [_made("audit", _SMALL, *_DAY, "r.json")], _report, "r.json"),
    Target("document Word", _files("solidite/graines/*.docx"), _document, "r.docx"),
    Target("document OpenDocument", _files("solidite/graines/*.odt"), _document, "r.odt"),
    Target("document PDF", _files("solidite/graines/*.pdf"), _document, "r.pdf"),
    Target("document texte", _files("solidite/graines/*.txt"), _document, "r.txt"),
    Target(
        "grille remplie",
        lambda: [_made("grille", _SMALL, *_DAY, "g.xlsx"), *_files("solidite/graines/*.xlsx")()],
        _sheet,
        "g.xlsx",
    ),
)


# -- bytes drawn -----------------------------------------------------------------------------------------

_WORDS = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", "\u2028".encode(), "\u202e".encode(), "\u0430".encode()),
    *(
        b"&a [*a, *a]",
        b"!!python/name:os.system",
        b"<<: ",
        b"{" * 70,
        b"[" * 5000,
        b"- " * 80,
        b"--- ",
        b"%YAML 1.1\n",
    ),
    *(
        b"<!ENTITY x SYSTEM 'file:///etc/passwd'>",
        b"&x;",
        b"]]>",
        b"<a>" * 2000,
        b'"' * 3,
        b"'",
        b"\\",
        b"\r",
        b"\t",
    ),
    *(
        b"9" * 400,
        b"1e999999999",
        b"-0",
        b"NaN",
        b"Infinity",
        b"0x7f",
        b"../../etc/passwd",
        b"=cmd|' /C calc'!A0",
    ),
    *(
        b"/Length 999999999",
        b"/Kids [1 0 R]",
        b"tous(a dans ",
        b"non " * 40,
        b"(" * 40,
        b"\x1b[31m",
        b"null",
        b"oui",
    ),
)


def _drawn(seeds: list[bytes], rng: random.Random) -> bytes:
    raw = rng.choice(seeds)
    if raw.startswith(b"PK") and rng.random() < 0.7:
        return _zipped(raw, rng)
    for _ in range(rng.choice((1, 1, 2, 4, 12))):
        raw = _changed(raw, seeds, rng)
    return raw


def _changed(raw: bytes, seeds: list[bytes], rng: random.Random) -> bytes:
    start = rng.randrange(len(raw) + 1)
    end = min(len(raw), start + rng.choice((1, 1, 4, 40, 400)))
    other = rng.choice(seeds)
    at = rng.randrange(len(other) + 1)
    middle = rng.choice(
        (
            b"",
            rng.choice(_WORDS),
            rng.choice(_WORDS) + raw[start:end],
            raw[start:end] * rng.choice((2, 2, 300)),
            bytes(rng.randrange(256) for _ in range(rng.choice((1, 4, 30)))),
            other[at : at + 200],
        )
    )
    return raw[:start] + middle + raw[end:] if rng.random() < 0.95 else raw[:start]


def _zipped(raw: bytes, rng: random.Random) -> bytes:
    """Change one part of an archive, which a change of the compressed bytes would only break; one broken stays so."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except damages():
        return raw
    name = rng.choice(sorted(parts))
    parts[name] = _changed(parts[name], list(parts.values()), rng)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


# -- tries -----------------------------------------------------------------------------------------------


class _TooLongError(BaseException):
    """Not an `Exception`: no reader must take it for one of its own."""


@contextmanager
def _bounded() -> Iterator[None]:
    """Stop what has used `SECONDS` of processor."""

    def stop(*_: Any) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _tried(target: Target, raw: bytes) -> str:
    """Read some bytes; return what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / target.file
        path.write_bytes(raw)
        try:
            with _bounded():
                target.read(path)
        except RsauditError:
            return ""
        except _TooLongError:
            return f"plus de {SECONDS} s"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the campaign looks for
            return f"{type(error).__name__} : {error}"[:200]
        return "" if path.read_bytes() == raw else "le fichier lu a changé"


def _hunt(rank: int, scale: Scale, seconds: float | None) -> Outcome:
    """Try one target: its seeds as they are, then bytes drawn from them."""
    target, outcome = TARGETS[rank], Outcome()
    seeds = target.seeds()
    assert seeds, target.name
    rng = scale.random(target.name, scale.part)
    end = time.perf_counter() + (seconds or 0)
    tries = 0
    while tries < _FEW or (seconds is not None and time.perf_counter() < end):
        raw = seeds[tries] if seconds is not None and tries < len(seeds) else _drawn(seeds, rng)
        tries += 1
        wrong = _tried(target, raw)
        if wrong:
            outcome.fail(f"{target.name}, essai {tries} : {wrong} : {raw[:60]!r}")
            _keep(raw, target, seconds)
    outcome.count(target.name, tries)
    return outcome


def _keep(raw: bytes, target: Target, seconds: float | None) -> None:
    """Keep what broke a reader, to be tried again; the sample of the tests writes nothing."""
    if seconds is not None:
        name = f"trouve-{hashlib.sha256(raw).hexdigest()[:8]}{Path(target.file).suffix}"
        (SEEDS / name).write_bytes(raw)


def _alone(rank: int, scale: Scale, seconds: float, answers: Any) -> None:
    import resource

    outcome = _hunt(rank, scale, seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if peak > MEBIBYTES:
        outcome.fail(f"{TARGETS[rank].name} : {peak} Mio de mémoire")
    answers.put((outcome, peak))


def _run(scale: Scale) -> Outcome:
    whole = Outcome()
    if scale.short:
        for rank in range(len(TARGETS)):
            found = _hunt(rank, scale, None)
            whole.figures |= found.figures
            whole.failures += found.failures
        return whole
    context = multiprocessing.get_context("spawn")
    seconds, peaks = 60 * _MINUTES / scale.parts, []
    for rank, target in enumerate(TARGETS):
        answers = context.Queue()
        process = context.Process(target=_alone, args=(rank, scale, seconds, answers))
        process.start()
        try:
            found, peak = answers.get(timeout=seconds + 120)
        except Exception:  # noqa: BLE001 - the process died or hangs: told as it is
            whole.fail(f"{target.name} : le processus est mort ou ne répond plus")
            process.kill()
            continue
        process.join()
        peaks.append(peak)
        tries = int(found.figures[target.name])
        whole.figures[target.name] = f"{tries} essais, {round(3600 * tries / seconds)} par heure, {peak} Mio"
        whole.failures += found.failures
    whole.figures["mémoire au plus (Mio)"] = max(peaks, default=0)
    return whole


CAMPAIGN = Campaign(
    name="octets",
    promise="N’importe quels octets : des données ou nos propres erreurs, en moins de 5 s et de 500 Mio.",
    run=_run,
)
