"""Output formats of meetings and dates: feeds, calendars, messages.

Nothing here imports Sphinx.
"""
