"""From answers to a site that can be read, cited, verified and rebuilt.

`survey` computes what is true, `publish` makes a rendered book a site to cite and verify, `render` makes pages as
Quarto does. None of them knows another; `cli` knows them all.
"""

__version__ = "0.2.0"
