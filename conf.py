"""Settings of this site; see https://www.sphinx-doc.org/en/master/usage/configuration.html."""

project = "Collaboration Café"
author = "The JupyterHub, Binder and Jupyter Book communities"
copyright = author

extensions = ["cafe_site", "sphinx_design"]
exclude_patterns = ["_build", ".venv", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"]
cafe_notes = "notes"
cafe_series_title = "Collaboration Café"
myst_enable_extensions = ["tasklist"]

html_theme = "pydata_sphinx_theme"
html_title = "Collaboration Café"
html_context = {
    "github_user": "jupyterhub",
    "github_repo": "team-compass",
    "github_version": "main",
    "doc_path": "",
}
html_theme_options = {
    "show_toc_level": 1,
    "navigation_with_keys": False,
}
