"""Tests that need other programs: they fail, never skip, when one is missing."""
