"""Every example, through the installed program: its report, kept as a golden, and its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "exemples"
DAY = "2026-09-30"

#: Example → exit code, options.
EXAMPLES: dict[str, tuple[int, tuple[str, ...]]] = {
    "benjoin": (0, ()),
    "benjoin-fautif": (1, ()),
    "petite-residence.yaml": (0, ()),
    "foyer-soleil": (0, ()),
    "identite-seule.yaml": (0, ()),
    "invalide": (3, ()),
    "epicea": (0, ()),
}


def _audit(
    program: Callable[..., subprocess.CompletedProcess[bytes]], example: str, *options: str
) -> subprocess.CompletedProcess[bytes]:
    return program("audit", f"examples/{example}", "--date", DAY, *options)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_gives_the_report_that_was_read(
    program: Callable[..., subprocess.CompletedProcess[bytes]], example: str
) -> None:
    """Each example gives, to the letter, the report a person read and kept, and its exit code."""
    code, options = EXAMPLES[example]
    run = _audit(program, example, *options)

    expected = (GOLDEN / f"{Path(example).stem}.txt").read_text(encoding="utf-8")
    assert run.stdout.decode("utf-8") == expected
    assert run.returncode == code
    assert b"Traceback" not in run.stderr


def _json(
    program: Callable[..., subprocess.CompletedProcess[bytes]], example: str, *options: str
) -> dict[str, object]:
    return json.loads(_audit(program, example, "--format", "json", *options).stdout)  # type: ignore[no-any-return]


def test_the_conform_residence_is_conform_on_every_rule(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """The conform residence leaves nothing open: no écart, no remarque, nothing missing, nothing to look at."""
    counts = _json(program, "benjoin")["synthese"]["obligations"]  # type: ignore[index]

    open_verdicts = {
        verdict: counts[verdict] for verdict in ("ecart", "remarque", "non_verifiable", "a_verifier")
    }
    assert open_verdicts == {"ecart": 0, "remarque": 0, "non_verifiable": 0, "a_verifier": 0}


def test_an_identity_alone_proves_nothing(program: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """A dossier with only its identity has no écart, and nothing is conforme."""
    counts = _json(program, "identite-seule.yaml")["synthese"]["constats"]  # type: ignore[index]

    assert (counts["ecart"], counts["remarque"], counts["conforme"]) == (0, 0, 0)


#: The twelve defects of the faulty twin: rules in écart, with their gravity.
DEFECTS = {
    line.split()[0]: line.split()[1]
    for line in (GOLDEN / "defauts.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
}


def test_the_faulty_twin_shows_its_defects_and_no_other(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """The twin has the écarts its defects command, with their gravity, and none more."""
    report = _json(program, "benjoin-fautif")

    found = {o["regle"]: o["gravite"] for o in report["obligations"] if o["verdict"] == "ecart"}  # type: ignore[union-attr,index]
    assert found == DEFECTS


@pytest.mark.parametrize("example", EXAMPLES)
def test_json_reports_keep_their_schema(
    program: Callable[..., subprocess.CompletedProcess[bytes]], example: str
) -> None:
    """Every JSON report is valid against the published schema."""
    import jsonschema

    schema = json.loads((ROOT / "schemas" / "rapport.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(_json(program, example))


def test_good_practice_is_a_part_of_its_own(
    program: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """Two référentiels named give one report in two parts; good practice never gives an écart."""
    report = _json(program, "benjoin-fautif", "-r", "reunion", "-r", "accompagnement")

    parts = {o["referentiel"] for o in report["obligations"]}  # type: ignore[union-attr,index]
    practice = [o for o in report["obligations"] if o["referentiel"] == "accompagnement"]  # type: ignore[union-attr,index]
    assert parts == {"reunion", "accompagnement"}
    assert all(o["verdict"] != "ecart" for o in practice)
