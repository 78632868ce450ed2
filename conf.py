"""Settings of this site.

community.yaml says who the community is; this file configures the build of its site.
See https://www.sphinx-doc.org/en/master/usage/configuration.html.
"""

import os

project = "Collaboration Café"
author = "The JupyterHub, Binder and Jupyter Book communities"
copyright = author

extensions = ["cafe_site", "sphinx_design"]
include_patterns = ["index.md", "docs/**", "notes/**"]

cafe_notes = "notes"
cafe_pages = ["decisions.md", "discussed.md", "people.md", "tags.md"]
cafe_series_title = "Collaboration Café"
cafe_community = "community.yaml"
myst_enable_extensions = ["colon_fence", "tasklist"]

html_theme = "pydata_sphinx_theme"
html_title = project
# Where the site is published, as Read the Docs and this project's workflow say.
# Feeds and calendars have absolute addresses, so without it there is no feed.
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL") or os.environ.get("SITE_URL", "")
html_static_path = ["docs/_static"]
html_css_files = ["site.css"]
html_theme_options = {
    "show_toc_level": 1,
    # The arrow keys scroll; they should not leave the page.
    "navigation_with_keys": False,
    "show_prev_next": True,
}
# The home page stands outside the sections, so a column for their pages would be empty.
html_sidebars = {"index": [], "search": [], "genindex": []}

# `make linkcheck`. Notes are left as they were written, broken links included.
linkcheck_exclude_documents = [r"notes/(.+/)?\d{4}"]
# These answer with a page for a browser that runs scripts, or not at all to a robot.
linkcheck_anchors_ignore_for_url = [r"https://jupyter\.org/community"]
linkcheck_ignore = [r"https://mypads2\.framapad\.org/", r"http://127\.0\.0\.1:"]
linkcheck_timeout = 20
