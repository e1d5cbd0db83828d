"""Numbers in names: in words, in Roman figures and in digits are one."""

from app.accounts.matching.words import ORDINAL_TENS, ORDINALS, ROMAN, SCALES, TENS, UNITS

_LAST_DIGIT, _LONGEST_NUMBER = 9, 15
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}

_COUNTS = frozenset(map(str, range(1, 100)))
"""What may stand before *hundred*, *thousand* ..., in digits."""

Tokens = list[tuple[str, str]]
"""Words as read and as written."""


def in_digits(words: list[str]) -> Tokens:
    """Return the words with numbers in digits; tens and units, which are one number, joined."""
    result: Tokens = []
    for position, word in enumerate(words):
        value = _number(word, first=position == 0, last=position == len(words) - 1)
        after_tens = position > 0 and words[position - 1] in TENS
        if after_tens and word in ORDINALS:
            digit = ORDINALS[word]
            joined = f"{int(result[-1][0]) + digit}{_ENDINGS.get(digit, 'th')}"
            result[-1] = (joined, f"{result[-1][1]}{word}")
        elif word in ORDINAL_TENS:
            result.append((f"{ORDINAL_TENS[word]}th", word))
        elif word in SCALES and result and result[-1][0] in _COUNTS:
            result[-1] = (str(int(result[-1][0]) * SCALES[word]), f"{result[-1][1]}{word}")
        elif value is None:
            result.append((word, word))
        elif 0 < value <= _LAST_DIGIT and after_tens:
            result[-1] = (str(int(result[-1][0]) + value), f"{result[-1][1]}{word}")
        else:
            result.append((str(value), word))
    return result


def _number(word: str, *, first: bool, last: bool) -> int | None:
    if word.isdigit():
        return int(word) if len(word) <= _LONGEST_NUMBER else None
    value = UNITS.get(word, TENS.get(word))
    if value is None and not first and (last or len(word) > 1):
        value = ROMAN.get(word)
    return value
