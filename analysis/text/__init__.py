"""Texts: bytes to canonical text, normal forms with exact offset maps, clitics, tokens, sentences."""
