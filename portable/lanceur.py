"""Launcher of the portable folder: takes the libraries of the Python that runs it, then does what was asked.

A workbook, a YAML file or a folder alone on the command line (what a drop on the icon gives) is audited: the report is
written beside it and opened. Anything else is the ordinary command line.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = (3, 11)
TOO_OLD = "rsaudit demande Python 3.11 ou plus récent ; celui-ci est le {}.{}.\n"
NO_LIBRARIES = "Ce dossier n’a pas les bibliothèques de Python {}.{} : versions possibles, {}.\n"


def main(arguments):
    """Prepare the path, run, and return the exit code."""
    if sys.version_info < OLDEST:
        sys.stderr.write(TOO_OLD.format(*sys.version_info[:2]))
        return 5
    folder = HERE / "bibliotheques"
    own = "cp{}{}".format(*sys.version_info[:2])
    if not (folder / own).is_dir():
        known = ", ".join(f"3.{one.name[3:]}" for one in sorted(folder.glob("cp3*")))
        sys.stderr.write(NO_LIBRARIES.format(*sys.version_info[:2], known))
        return 5
    sys.path[:0] = [str(folder / own), str(folder / "communes")]
    from rsaudit.cli import run

    if len(arguments) == 1 and Path(arguments[0]).exists():
        return dropped(Path(arguments[0]), run)
    return run(arguments)


def dropped(path, run):
    """Audit what was dropped, beside it, and open the report."""
    stem = path.name if path.is_dir() else path.stem
    report = path.resolve().with_name(f"{stem}-rapport.html")
    code = run(["audit", str(path), "--seuil", "aucun", "--sortie", str(report)])
    if code == 0 and hasattr(os, "startfile"):
        os.startfile(report)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
