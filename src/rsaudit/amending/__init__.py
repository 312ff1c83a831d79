"""Facts brought from elsewhere, laid over a dossier: what differs, then files edited in place, layout kept.

Every text of a dossier that the program changes or makes is written by this room: `editing` changes values where they
stand, `rendering` writes new ones, `tables` edits CSV. Nothing goes to the disk here: `plan` gives the content of the
files, and whoever asked writes them, or not.
"""

from rsaudit.amending.differences import Change, Kind, differences
from rsaudit.amending.files import Plan, plan

__all__ = ["Change", "Kind", "Plan", "differences", "plan"]
