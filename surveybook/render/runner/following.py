"""What a page is made from: the files that its cells read, write, import, or look for in vain."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from urllib.parse import unquote

# What a run cannot be followed into: other programs, and the network.
BEYOND = {"subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec", "socket.connect"}
READS = {"open", "os.listdir", "os.scandir", "sqlite3.connect"}
WATCHED = BEYOND | READS | {"import"}
# Where Python, the system and its settings are: part of the environment, not of what a page is made from.
SYSTEM = tuple(
    os.path.join(folder, "")
    for folder in (sys.prefix, sys.base_prefix, "/usr", "/etc", "/lib", "/lib64", "/bin", "/proc", "/sys", "/dev")
)
# What the tool keeps by the hash of all that it depends on, which is the same as making it anew: whoever asks for an
# entry reads all of that first, and is seen doing so (surveybook/store.py).
STORE = os.path.join(".cache", "store", "")
# Who looks through folders for modules, which are followed by their own files, or for what is installed
SEARCHES = ("<frozen importlib", importlib.metadata.__file__)

Seen = dict[str, set[str]]  # what was read, written, imported (or looked for in vain), and what leads beyond


class Follow:
    """Which files and folders belong to what a page is made from, as paths with all their folders."""

    def __init__(self, root: str):
        self.root, self.store = os.path.join(root, ""), os.path.join(root, STORE)
        self.settings = os.path.join(os.path.expanduser("~"), ".")

    def mine(self, path: str) -> bool:
        """Whether it is a file of the book, and not of a virtual environment inside its folder."""
        path += os.sep
        return path.startswith(self.root) and not path.startswith((os.path.join(sys.prefix, ""), self.store))

    def __call__(self, path: str) -> bool:
        """Whether it is of the book or of elsewhere, and not of Python, the system or a program."""
        return self.mine(path) or not path.startswith(self.settings) \
            and not f"{path}{os.sep}".startswith((*SYSTEM, self.store))


def watch(follow: Follow, seen: Seen) -> None:
    """Record the files and folders that are read, and what cannot be followed, from now on.

    A module that is asked for and not there is one as well: if it is written later, it is found.
    """

    @cache
    def candidates(name: str, *folders: str) -> set[str]:
        paths = [os.path.join(folder, *file) for folder in map(os.path.abspath, folders)
                 for file in ((f"{name}.py",), (name, "__init__.py"))]
        return set(filter(follow, paths))

    def hook(event: str, args: tuple) -> None:
        if event not in WATCHED:  # Python tells of every look at an attribute, some ten thousand times a second
            return
        with suppress(Exception):
            if event in READS and not isinstance(args[0], int):
                if event != "open" and sys._getframe(1).f_code.co_filename.startswith(SEARCHES):
                    return
                name = os.fsdecode(args[0] if args[0] is not None else ".")
                if event == "sqlite3.connect" and name.startswith("file:"):
                    name = unquote(name[5:].partition("?")[0])
                path = os.path.abspath(name)
                if event != "open" and os.path.basename(path) == "__pycache__":
                    return  # Python fills it while others look
                if follow(path) and not os.path.basename(path).startswith("<"):
                    writes = event == "open" and isinstance(args[1], str) and bool(set(args[1]) & set("wax"))
                    seen["written" if writes else "read"].add(path)
            elif event == "import":
                folders = [os.getcwd() if folder == "" else folder for folder in sys.path]
                seen["modules"] |= candidates(args[0].partition(".")[0], *folders)
            elif event in BEYOND:
                seen["beyond"].add(event)

    sys.addaudithook(hook)


def modules(follow: Follow, before: Collection[str] = ()) -> set[str]:
    """The files of the modules that are imported by now, and were not `before`."""
    files = {getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if name not in before}
    return {path for path in map(os.path.abspath, filter(lambda file: isinstance(file, str), files)) if follow(path)}
