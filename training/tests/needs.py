"""Puts the recipe on the path and leaves a test file out where what it needs is not there."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def _there(name: str) -> bool:
    if name == "libopus":
        return bool(os.environ.get("LIBOPUS") or ctypes.util.find_library("opus"))
    return importlib.util.find_spec(name) is not None


def needs(*names: str) -> None:
    """To be called before the imports of a test file. Raises SkipTest with what is missing."""
    missing = [name for name in names if not _there(name)]
    if missing:
        raise unittest.SkipTest(f"needs {' and '.join(missing)}")
