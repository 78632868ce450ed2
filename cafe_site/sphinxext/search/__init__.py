"""The search: what is found, its index, and what the pages need for it.

`Pagefind <https://pagefind.app>`_ makes an index in many small files, of which a browser
loads only the ones that a query needs. A meeting is one record of it, and its sections and
agenda items are parts of that record, so that a result leads to the very place.

- `texts` keeps the texts of pages, and makes records of them
- `index` lets Pagefind make an index of the records
- `pages` has what the pages need, and what Sphinx calls
"""

from cafe_site.sphinxext.search.pages import setup

__all__ = ["setup"]
