"""What is measured, not tested: how fast the site is built, and how often the intervals of the report hold.

`python -m benchmarks site` and `python -m benchmarks coverage`; README.md has the figures of one run of each.
"""
