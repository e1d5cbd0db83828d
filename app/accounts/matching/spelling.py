"""Whether two words are one word with a slip of the pen."""

from rapidfuzz.distance import OSA

_LONG, _MIDDLE, _SHORT = 10, 5, 4  # letters
_NAMES_MADE_BY = ("on", "son", "sen", "sohn", "man", "mann", "ton", "er", "ers")
_LOOKS = (("rn", "m"), ("in", "m"), ("cl", "d"), ("vv", "w"), ("ii", "u"))
_SOME_WITNESSES, MANY_WITNESSES = 2, 3


def slips(left: str, right: str, *, witnesses: int = 0) -> int | None:
    """Return by how many letters the words differ, or None where they are different words.

    ``witnesses`` counts the other words that agree: short words need some.
    """
    longest = max(len(left), len(right))
    allowed = _allowed(longest, witnesses)
    if not allowed or abs(len(left) - len(right)) > allowed:
        return None
    distance = OSA.distance(left, right, score_cutoff=allowed)
    if distance <= allowed:
        return None if distance > 1 and makes_a_name(*sorted((left, right), key=len)) else distance
    return 1 if longest > _MIDDLE and _looks(left) == _looks(right) else None


def makes_a_name(short: str, long: str) -> bool:
    """Return whether the longer word is another name made of the shorter: Peters, Peterson."""
    return long.startswith(short) and long[len(short) :] in _NAMES_MADE_BY


def _looks(word: str) -> str:
    """Return ``word`` with letters that scanners mistake for others made equal."""
    for written, seen in _LOOKS:
        word = word.replace(written, seen)
    return word


def _allowed(longest: int, witnesses: int) -> int:
    if longest >= _LONG:
        return 2
    if longest >= _MIDDLE or (longest == _SHORT and witnesses >= _SOME_WITNESSES):
        return 1
    return 1 if longest == _SHORT - 1 and witnesses >= MANY_WITNESSES else 0
