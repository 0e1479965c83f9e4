"""How Dalala starts and stops: private servers, the processes of the site, and what makes them ready.

Nothing here knows a room of the house or a Django model; `settings.py` and `manage.py` are the only callers.
"""
