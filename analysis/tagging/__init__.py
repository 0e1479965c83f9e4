"""Taggers: a document in, suggested spans out, each with a score and the evidence."""

NAMES = ("gazetteer", "events", "implications")
"""The taggers there are, for those who only speak of them: none is loaded by this."""
