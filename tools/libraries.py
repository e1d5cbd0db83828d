"""Say which of the system libraries that WeasyPrint loads are missing; exit with 1 if any is."""

import ctypes
import sys

NEEDED = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    "HarfBuzz-Subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
    "Fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib"),
    "GObject": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
}


def loads(name: str) -> bool:
    """Return whether the system's loader finds the library ``name``."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


missing = [title for title, names in NEEDED.items() if not any(map(loads, names))]
if missing:
    print(", ".join(missing))
    sys.exit(1)
