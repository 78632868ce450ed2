"""Who a community is and when it meets: the file ``community.yaml``.

The file is written by people, so whatever is wrong with it is said all at once,
one line for each problem, with its line in the file and what would be right.
What each key means stands in ``docs/community-settings.md``.

- `model` has what the file says
- `document` reads YAML and remembers where everything stands
- `values` reads single values: dates, addresses, rules
- `settings` has the keys of the whole file
- `series` has those of a series of meetings, and checks what they say together
- `schedule` tells when meetings take place
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
