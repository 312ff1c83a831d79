"""Facts brought from elsewhere, laid over a dossier: what differs, then files edited in place, layout kept.

Nothing is written here: `plan` gives the content of the files, and whoever asked writes them, or not.
"""

from rsaudit.amending.differences import Change, Kind, differences
from rsaudit.amending.files import Plan, new_dossier, plan
from rsaudit.amending.yaml_text import YamlText, flow, render

__all__ = ["Change", "Kind", "Plan", "YamlText", "differences", "flow", "new_dossier", "plan", "render"]
