"""`python -m solidite`: run the campaigns, print their figures, fail when a promise is broken."""

from __future__ import annotations

import argparse
import sys
import time

from solidite.campaign import Campaign, Scale, campaigns

_SHOWN = 200


def main() -> int:
    """Run the campaigns named, or all of them; return 1 when one fails."""
    known = campaigns()
    asked = _arguments(list(known))
    part, parts = (int(number) for number in asked.part.split("/"))
    scale = Scale(seed=asked.graine, short=asked.court, part=part, parts=parts)
    broken = [name for name in asked.campagnes or known if not _run(known[name], scale)]
    _say(f"Promesses rompues : {', '.join(broken)}." if broken else "Toutes les promesses tiennent.")
    return 1 if broken else 0


def _arguments(known: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m solidite", description="Campagnes de solidité.")
    parser.add_argument(
        "campagnes", nargs="*", choices=[*known, []], metavar="CAMPAGNE", help=", ".join(known)
    )
    parser.add_argument("--court", action="store_true", help="l’échantillon que joue « make test »")
    parser.add_argument("--graine", type=int, default=1, help="graine des tirages (1)")
    parser.add_argument("--part", default="1/1", help="k/n : la k-ième de n parts (1/1)")
    return parser.parse_args()


def _run(campaign: Campaign, scale: Scale) -> bool:
    _say(f"── {campaign.name} : {campaign.promise}")
    start = time.perf_counter()
    outcome = campaign.run(scale)
    minutes = (time.perf_counter() - start) / 60
    for label, figure in outcome.figures.items():
        _say(f"   {label} : {figure}")
    _say(f"   durée : {minutes:.1f} min".replace(".", ","))
    for remark in outcome.remarks:
        _say(f"   · {remark}")
    for failure in outcome.failures[:_SHOWN]:
        _say(f"   ✗ {failure}")
    if len(outcome.failures) > _SHOWN:
        _say(f"   ✗ … et {len(outcome.failures) - _SHOWN} autres")
    return not outcome.failures


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
