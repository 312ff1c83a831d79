"""Several processes: the same bytes, in the same order, whatever goes wrong in one of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rsaudit.cli.processes import in_order
from rsaudit.errors import InputUnreadableError, RsauditError, UnforeseenError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

DAY = ("--date", "2026-09-30", "--seuil", "aucun")
FORMATS = ("terminal", "markdown", "github", "sarif", "gitlab", "junit", "csv")


def test_one_process_or_several_write_the_same_bytes(
    program: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    """A portfolio gives the same bytes from one process and from three, in every format that joins reports."""
    runs = []
    for team in ("1", "3"):
        outputs = [f"-o{name}:{tmp_path / name}" for name in FORMATS]
        run = program("audit", "examples", *DAY, "--processus", team, *outputs, "-o", "terminal:-")
        assert run.returncode == 3  # one of the examples is invalid
        runs.append({name: (tmp_path / name).read_bytes() for name in FORMATS} | {"": run.stdout})

    assert runs[0][""] == runs[0]["terminal"]
    assert runs[0] == runs[1]


def test_no_process_at_all_is_refused(program: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    """`--processus 0` is a usage error, said in French."""
    run = program("audit", "examples/petite-residence.yaml", "--processus", "0")

    assert run.returncode == 2
    assert "au moins 1" in run.stderr.decode()


def _doubled(number: int) -> int:
    return 2 * number


def test_results_keep_the_order_of_the_items() -> None:
    """The largest go first and the results still come in order, for more items than may wait for their turn."""
    items = list(range(300))

    assert list(in_order(_doubled, items, [number % 7 for number in items], 3)) == [2 * n for n in items]


def _fails_on_three(number: int) -> int:
    if number == 3:
        raise InputUnreadableError("trois", "quatre")
    if number == 5:
        raise ZeroDivisionError
    return number


@pytest.mark.parametrize("team", [1, 2])
def test_an_error_comes_when_its_turn_does(team: int) -> None:
    """What precedes a failing item is given, then its error, message and hint included."""
    results = in_order(_fails_on_three, range(6), [1] * 6, team)

    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(InputUnreadableError) as caught:
        next(results)
    assert (caught.value.message, caught.value.hint) == ("trois", "quatre")


def test_what_is_unforeseen_in_a_process_is_told_without_the_data() -> None:
    """An unforeseen error of another process arrives as its sentence: kind and place, nothing else."""
    with pytest.raises(UnforeseenError, match="ZeroDivisionError"):
        list(in_order(_fails_on_three, [5, 5], [1, 1], 2))


def _dies(number: int) -> int:
    os._exit(9 + number)


def test_a_process_that_dies_stops_the_run() -> None:
    """A process killed under the run is an error, never a dossier silently left out."""
    with pytest.raises(RsauditError, match="s’est arrêté"):
        list(in_order(_dies, [0, 1], [1, 1], 2))
