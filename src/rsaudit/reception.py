"""A dossier received: read, checked against its schemas, completed with what its rows inherit. Then it can be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsaudit.loading import from_data, inherit, load
from rsaudit.loading.recognition import is_workbook
from rsaudit.validation import violations

if TYPE_CHECKING:
    from rsaudit.loading import Dossier, DossierRef
    from rsaudit.validation import Schemas


def receive(reference: DossierRef, schemas: Schemas) -> Dossier:
    """Read a dossier; whatever is wrong with it is in its `errors`, sorted by position."""
    dossier = read(reference, schemas)
    return _completed(dossier, schemas)


def read(reference: DossierRef, schemas: Schemas) -> Dossier:
    """Read and check a dossier as it is written: its rows are not completed with what they inherit."""
    if is_workbook(reference.path):
        from rsaudit import workbook  # its library is loaded for a workbook only

        return _checked(workbook.read(reference, schemas), schemas, partial=False)
    return _checked(load(reference, schemas), schemas, partial=False)


def receive_data(data: dict[str, Any], schemas: Schemas, *, name: str) -> Dossier:
    """Make a dossier of a case's data: nothing absent is asked for."""
    return _completed(_checked(from_data(data, schemas, name=name), schemas, partial=True), schemas)


def _checked(dossier: Dossier, schemas: Schemas, *, partial: bool) -> Dossier:
    dossier.errors.extend(violations(dossier, schemas, partial=partial))
    return dossier


def _completed(dossier: Dossier, schemas: Schemas) -> Dossier:
    if not any(error.severity == "erreur" for error in dossier.errors):
        inherit(dossier.data, schemas.sections)
    return dossier
