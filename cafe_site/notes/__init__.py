"""Reading notes: from the text of a year file to Meetings.

Nothing in this package imports Sphinx or docutils,
so every rule can be tested on plain strings
and the command line starts fast.

- `model`: what a year of notes consists of.
- `dates`: the dates that headings begin with.
- `dialect`: the Markdown that notes are written in.
- `frontmatter`: the YAML at the top of a year file.
- `blocks`: the lines of a year file to one block of Markdown per meeting.
- `anchors`: the addresses of meetings and of parts of them.
- `outline`: the sections and lists of a meeting.
- `people`, `agenda`, `details`, `cancellation`: who, what about, and whether it took place.
- `references`: the GitHub issues and pull requests that a meeting refers to.
- `outcomes`: what it decided, and who is to do what.
- `privacy`: takes hidden people out; `identities` and `names` know all that they are called.
- `sections`: the sections that are not to be on the site.
- `reader`: all of it together, the text of a year file to `YearNotes`.
- `rendering`: what to show of a meeting, on a page as in a feed.
- `archive`: facts of many meetings, brought together.
"""
