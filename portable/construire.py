"""Build the portable folder: rsaudit and what it needs, unpacked from published wheels, with a launcher.

Nothing is compiled and nothing is installed on the machine that will use it. Wheels that hold compiled code exist for
one version of Python each: they are kept apart, and the launcher takes those of the Python that runs it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
WINDOWS = "win_amd64"
#: What a library asks for on Windows only: the resolver decides on the machine that builds.
ON_WINDOWS = ("colorama",)
FILES = ("rsaudit.bat", "lanceur.py", "LISEZ-MOI.txt")
LIBRARIES = "bibliotheques"
COMMON = "communes"


def main() -> int:
    """Read the options and build the folder."""
    parser = argparse.ArgumentParser(description="Construit le dossier portable de rsaudit.")
    parser.add_argument("--sortie", type=Path, default=ROOT / "dist" / "rsaudit-portable")
    parser.add_argument("--plateforme", default=WINDOWS)
    parser.add_argument("--python", action="append", help="version de Python ; répétable")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build(options.sortie, options.plateforme, tuple(options.python or VERSIONS), Path(folder))
    print(f"Dossier portable : {options.sortie}")
    return 0


def build(target: Path, platform: str, versions: tuple[str, ...], work: Path) -> None:
    """Fill `target`, which is replaced as a whole once everything is there."""
    made = work / "portable"
    made.mkdir()
    for name in FILES:
        shutil.copyfile(ROOT / "portable" / name, made / name)
    shutil.copyfile(ROOT / "LICENSE", made / "LICENSE.txt")
    own = own_wheel(work / "roue")
    for version in versions:
        wheels = work / f"roues-{version}"
        download(own, wheels, platform, version)
        for wheel in sorted(wheels.glob("*.whl")):
            unpack(wheel, made / LIBRARIES / place(wheel.name, version))
    if target.exists():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, target)


def own_wheel(folder: Path) -> Path:
    """Build our own wheel and return it."""
    run("-m", "build", "--wheel", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def download(own: Path, folder: Path, platform: str, version: str) -> None:
    """Fetch the wheels of one version of Python, at the versions that were tried."""
    abi = f"cp{version.replace('.', '')}"
    wanted = [str(own), *(ON_WINDOWS if platform == WINDOWS else ())]
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    where = ["--only-binary=:all:", "--platform", platform, "--python-version", version]
    kind = ["--implementation", "cp", "--abi", abi, "--abi", "abi3", "--abi", "none"]
    run("-m", "pip", "download", "--quiet", *where, *kind, *constraints, "--dest", str(folder), *wanted)


def place(wheel: str, version: str) -> str:
    """Say in which folder a wheel goes: common, or that of one version of Python."""
    abi = wheel.removesuffix(".whl").split("-")[-2]
    return COMMON if abi in {"none", "abi3"} else f"cp{version.replace('.', '')}"


def unpack(wheel: Path, folder: Path) -> None:
    """Unpack a wheel; scripts and headers, which need an installation, are left out."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if ".data/" not in name:
                archive.extract(name, folder)


def run(*arguments: str) -> None:
    """Run a module of this Python, or stop."""
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
