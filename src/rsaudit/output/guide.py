"""The rules of référentiels as one HTML guide, to read or print: plain data in, one self-contained page out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from rsaudit.output.html import environment, policy, style_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def render_guide(rulesets: Sequence[Mapping[str, Any]], *, tool: str, day: str) -> str:
    """Write the guide of some référentiels, given as plain data; every text is escaped."""
    style = style_sheet("Guide des règles", f"Valeurs au {day}", "Référentiels")
    context = {
        "rulesets": rulesets,
        "tool": tool,
        "day": day,
        "style": Markup(style),  # noqa: S704 - our own sheet, where the texts are CSS escapes
        "policy": policy(style),
    }
    return environment().get_template("guide.html.j2").render(context)
