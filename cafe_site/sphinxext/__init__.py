"""The Sphinx side: pages, lists, search, and the files written at the end of a build."""
