"""The rules for a finished page, one job a file. A rule yields what is wrong: where, what, what to do."""
