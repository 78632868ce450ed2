"""The Sphinx side: pages, lists, search, and the files that are written at the end of a build."""
