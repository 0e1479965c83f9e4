"""Dates and numbers as our readers write them, in place of Django's own choice for a language."""
