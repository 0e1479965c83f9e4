"""Interchange: one module a format, records in and text out. No files, no database."""
