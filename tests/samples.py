"""Files that several tests read."""

from __future__ import annotations

NEW = """\
---
tags: [cafe]
---

## 2025-12-16 Planning

**Tags:** Roadmap

### Check-in

- Ada Lovelace / @Ada-L
- Bob / @bob
- Cleo

### Agenda

- **Ada (5m):** Engines
  - <https://github.com/Jupyter/Hub/pull/12#issuecomment-1>
  - again <https://github.com/jupyter/hub/pull/12>
- **Bob & Cleo:** Cards jupyter/hub#9
"""
OLD = """\
## 2024-03-19

### Check-in

- Ada / @ada-l
- Ada / @ada-l

### Looms

**Tags:** roadmap

See <https://github.com/jupyter/hub/issues/12> and <https://github.com/a/b/issues/1>.

### Ice breaker :tada:

#### Answers

A secretword.

### After

Afterwards.
"""
# A community.yaml with all keys.
FULL = """\
name: Collaboration Café
organizers: The  Example
  community
site: https://cafe.example.org
domain: example.net
links:
  pad: https://pad.example.org/cafe
  our-own: http://example.org/a?b=c#d
repository: {host: gitlab, owner: group/subgroup, name: compass, branch: dev, folder: site/}
privacy: {hide_people: [ada, "@bob"], drop_sections: [Ice breaker]}
schedule:
  - id: cafe
    rrule: freq=monthly;byday=1tu,3tu
    time: 11:00
    timezone: America/Los_Angeles
    duration: 90
    first: 2025-10-07
    last: 2027-12-21
    updated: 2026-06-01
    earlier:
      - {rrule: "FREQ=MONTHLY;BYDAY=3TU", first: 2024-01-01, last: 2025-09-30, time: 9:30}
      - {rrule: FREQ=WEEKLY, first: 2023-03-21, last: 2023-12-31, timezone: UTC, duration: 60}
    canceled:
      2026-07-21: Summer break
      2026-07-07:
    moved:
      - {from: 2026-11-03, to: 2026-11-10 12:30, reason: Election day}
      - {from: 2024-02-20, to: 2024-02-27}
    extra:
      - 2026-08-12
      - 2026-08-10 17:30
      - {date: 2024-08-12, reason: Summer special}
      - {date: 2026-08-14, time: "08:00"}
  - {id: team, title: Team meeting, notes: team/, rrule: FREQ=WEEKLY, time: 16:00,
     timezone: UTC, first: 2026-01-05}
"""
# A schedule for which `oracles.two_years` says when the meetings are.
CAFE = """\
  - id: cafe
    rrule: FREQ=MONTHLY;BYDAY=1TU,3TU
    time: 11:00
    timezone: America/Los_Angeles
    first: 2025-10-07
    last: 2027-12-21
    canceled:
      2026-07-07: Summer break
      2026-07-21:
    moved:
      - {from: 2026-11-03, to: 2026-11-10 12:30, reason: Election day}
    extra:
      - {date: 2026-08-12, time: 09:00, reason: Sprint}
"""


def checklist_page(tasks: str) -> str:
    """Return a page with a checklist of some tasks, two stages, and two messages to paste."""
    return f"""\
# Checklist

```{{cafe:checklist}}
```

## Before

```{{cafe:due}} -7
```

{tasks}
```{{cafe:message}} remind-week
```

## After

```{{cafe:due}} +1
```

```{{cafe:message}} issue-title
:following:
```
"""
