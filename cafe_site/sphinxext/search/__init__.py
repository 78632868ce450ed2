"""The search: its records, its index, and what the pages need for it.

`Pagefind <https://pagefind.app>`_ splits its index into many small files, and a browser loads
only those that a query needs. Each meeting is one record, and its sections and agenda items are
parts of that record, so that a result links to the exact place.

- `texts` stores the texts of pages, and makes records from them
- `index` runs Pagefind to index the records
- `pages` contains what the pages need, and the event handlers
"""

from cafe_site.sphinxext.search.pages import setup

__all__ = ["setup"]
