"""Characters that do not belong in text."""

from __future__ import annotations

import re

# Characters that XML forbids, surrogates, and the ones that reorder the text around them
# (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
