"""Read notes: from the text of a year file to meetings.

Nothing in this package imports Sphinx or docutils,
so every rule can be tested on plain strings
and the command line starts fast.

- `model`: the data model of a year of notes.
- `dates`: the dates that headings begin with.
- `dialect`: the Markdown that notes are written in.
- `frontmatter`: the YAML at the top of a year file.
- `blocks`: splits a year file into one block of Markdown per meeting.
- `anchors`: the anchors of meetings and their parts.
- `outline`: the sections and lists of a meeting.
- `lines`: the words of a heading or list item, cleaned and shortened to a title.
- `people`, `details`, `cancellation`: attendees, details, whether it took place.
- `agenda`: who leads an agenda item, for how long.
- `speakers`: the names in it; `lead_words`: how to show them.
- `topics`: what a meeting was about; `series`: what only all meetings of a series show.
- `references`: how notes refer to issues and pull requests; `reference_links`: those of a meeting.
- `outcomes`: its decisions and action items; `outcome_lines`: what a single line says about them;
  `owners`: who takes on an action.
- `parts`: the parts of a meeting, such as its agenda.
- `privacy`: removes hidden people; `identities` and `names` find all their names and handles.
- `sections`: the sections to leave out of the site.
- `reader`: all of the above, from the text of a year file to `NotesFile`.
- `rendering`: what to show of a meeting, on pages and in feeds.
- `archive`: facts collected from all meetings.
"""
