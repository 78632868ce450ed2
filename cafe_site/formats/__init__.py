"""From meetings and their dates to what other programs and people read: feeds, calendars, texts.

Nothing here imports Sphinx.
"""
