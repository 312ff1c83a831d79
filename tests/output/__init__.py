"""Tests of the formats, all drawn from the one sample report."""
