"""Our SARIF against the official schema, as published in the npm package `@microsoft/jest-sarif`.

Its folder is looked for under RSAUDIT_NODE_MODULES (`node_modules` at the root by default). Without it,
the tests fail.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker

from output.sample import (
    clean_report,
    controlled_report,
    hostile_report,
    invalid_report,
    large_report,
    sample_report,
)
from rsaudit.model import RenderOptions
from rsaudit.output.sarif import render

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    """Find the official schema and make its validator."""
    modules = Path(os.environ.get("RSAUDIT_NODE_MODULES", ROOT / "node_modules"))
    found = sorted(modules.glob("@microsoft/jest-sarif/**/sarif-2.1.0*.json"))
    if not found:
        pytest.fail(
            f"schéma SARIF absent de {modules} : npm install @microsoft/jest-sarif, ou RSAUDIT_NODE_MODULES"
        )
    schema: dict[str, Any] = json.loads(found[-1].read_text(encoding="utf-8"))
    assert schema["$schema"].startswith("http://json-schema.org/draft-04/")
    return Draft4Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize(
    "make",
    [sample_report, controlled_report, clean_report, invalid_report, hostile_report, large_report],
)
def test_it_is_valid(validator: Draft4Validator, make: Any, public: bool) -> None:
    """Every kind of report gives a log that the official schema accepts."""
    log = json.loads(render(make(), RenderOptions(public=public)))

    assert [f"{one.json_path}: {one.message[:200]}" for one in validator.iter_errors(log)] == []


def test_the_schema_does_refuse(validator: Draft4Validator) -> None:
    """The schema is read for good: it refuses a kind that does not exist."""
    log = json.loads(render(sample_report(), RenderOptions()))
    log["runs"][0]["results"][0]["kind"] = "conforme"

    assert not validator.is_valid(log)
