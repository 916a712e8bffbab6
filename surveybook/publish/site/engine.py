"""What draws charts and pictures, and with which fonts?  With those that come with it: the same on every machine.

By itself vl_convert takes a font of the system before its own one of the same name, and reads the file of that anew for
every word, which takes as long as all other drawing.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import version
from tempfile import NamedTemporaryFile
from types import ModuleType

NO_FONTS = "<fontconfig><dir>none</dir></fontconfig>"
# Where systems keep fonts, which have letters that those of the engine lack
SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
VERSION = f"vl-convert {version('vl-convert-python')}, its own fonts first"


@cache
def open_engine() -> ModuleType:
    """vl_convert, which looks for a letter in its own fonts first, and in those of the system if they lack it."""
    import vl_convert  # not needed, and slow to load, where everything is drawn

    usual = os.environ.get("FONTCONFIG_FILE")
    with NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(NO_FONTS)
        file.flush()
        os.environ["FONTCONFIG_FILE"] = file.name  # is read once, before the first folder is added
        for folder in SYSTEM:
            vl_convert.register_font_directory(os.path.expanduser(folder))
    del os.environ["FONTCONFIG_FILE"]
    if usual is not None:
        os.environ["FONTCONFIG_FILE"] = usual
    return vl_convert
