"""Comparing what different people coded."""
