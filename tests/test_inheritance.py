"""What a row takes from elsewhere when it says nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rsaudit.loading import inherit
from rsaudit.loading.inheritance import _tables_of_heirs

_ROW = {"type": "object"}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "house": {
        "properties": {
            "sites": {"type": "array", "items": {**_ROW, "properties": {"ref": {}, "kind": {}, "plan": {}}}},
            "homes": {
                "type": "array",
                "items": {
                    **_ROW,
                    "properties": {
                        "site": {"x-reference": "house.sites.ref", "x-herite": "house.sites"},
                        "plan": {"x-herite": "site.plan"},
                        "kind": {"x-herite": ["site.kind", "house.kind"]},
                    },
                },
            },
        }
    }
}
_SITE = st.sampled_from([None, "a", "b", "c"])
_SITES = st.lists(
    st.fixed_dictionaries(
        {
            "ref": st.sampled_from(["a", "b"]),
            "kind": st.sampled_from([None, "x", "y"]),
            "plan": st.sampled_from([None, 1, 2]),
        }
    ),
    unique_by=lambda row: row["ref"],
    max_size=2,
)
_HOMES = st.lists(
    st.fixed_dictionaries({"site": _SITE, "kind": st.sampled_from([None, "z"]), "plan": st.just(None)}),
    max_size=8,
)


@given(_SITES, _HOMES, st.sampled_from([None, "whole"]))
def test_each_row_inherits_from_what_it_refers_to(
    sites: list[dict[str, Any]], homes: list[dict[str, Any]], whole: str | None
) -> None:
    """From the row it names; from the house when there is no row at all to name; what it says itself is kept."""
    by_ref = {site["ref"]: site for site in sites}
    expected = []
    for home in homes:
        site = by_ref.get(home["site"], {})
        kind = site.get("kind") if sites else whole
        expected.append({**home, "plan": site.get("plan"), "kind": home["kind"] or kind})
    data = {"house": {"kind": whole, "sites": sites, "homes": homes}}

    inherit(data, _SCHEMAS)

    assert homes == expected


def test_no_row_inherits_from_another_of_its_own_table() -> None:
    """What rows inherit is looked for once for all that refer to the same: none may be filled meanwhile."""
    from rsaudit.cli.session import Session

    found = 0
    for section, schema in Session().schemas.sections.items():
        for name, heirs in _tables_of_heirs(schema).items():
            for field in heirs.values():
                found += 1
                assert not field.get("x-reference", "").startswith(f"{section}.{name}.")
    assert found
