"""Codes of political text: codebook, actors, places. Data files lie in `data/`."""
