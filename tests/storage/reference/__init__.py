"""Tests of the published facts."""
