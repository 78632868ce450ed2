"""From meetings and dates to what programs and people read: feeds, calendars, messages.

Nothing here imports Sphinx.
"""
