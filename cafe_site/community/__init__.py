"""Who a community is and when it meets: the file ``community.yaml``.

The file is written by people, so all problems are reported at once,
one line for each, with its line in the file and how to fix it.
``docs/community-settings.md`` documents each key.

- `model` holds what the file says
- `document` reads YAML and keeps the place of every value
- `values` reads single values: dates, addresses, rules
- `settings` has the keys of the whole file
- `series` has the keys of a series of meetings, and checks how they fit together
- `schedule` computes when meetings take place
"""

from cafe_site.community.model import (
    FIRST_DAY,
    LAST_DAY,
    Cancellation,
    Community,
    CommunityError,
    Extra,
    Move,
    Period,
    Repository,
    Series,
)
from cafe_site.community.settings import load_community, read_community

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Cancellation",
    "Community",
    "CommunityError",
    "Extra",
    "Move",
    "Period",
    "Repository",
    "Series",
    "load_community",
    "read_community",
]
