"""The language room: text in, dataclasses out. No web, no database, no queue, no network, no environment."""
