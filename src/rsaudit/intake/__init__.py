"""Tables that managers and the State have -> facts for a dossier. Column maps are data; what is doubtful is refused."""

from rsaudit.intake.columns import ColumnMap, read_map, shipped_maps
from rsaudit.intake.grids import Grid, headed, read_grid
from rsaudit.intake.reading import Intake, saved_map, take

__all__ = [
    "ColumnMap",
    "Grid",
    "Intake",
    "headed",
    "read_grid",
    "read_map",
    "saved_map",
    "shipped_maps",
    "take",
]
