"""Taggers: a document in, suggested spans out, each with a score and the evidence."""
