"""Undoing what systems did to a name before anybody reads it: entities, broken encodings, marks."""

import html
import re

_ENTITY = re.compile(r"&#?\w{2,8};")
_BROKEN = re.compile("[\u00c2-\u00c5\u00ce\u00cf\u00d0\u00d1\u00e2][\u0080-\u00bf\u0152-\u2122]")
_EXCHANGES = (
    "nasdaq(?:gs|gm|cm)?|nyse(?: ?arca| ?american)?|amex|otc(?:mkts|qx|qb|pk)?|lse|aim|tsxv?|asx|"
    "hkex|sehk|sgx|tse|tyo|jpx|fra|etr|xetra|epa|ams|bit|bme|swx|six|sto|cph|osl|nse|bse|krx|kosdaq|"
    "kospi|sse|szse|jse|b3|bvmf|moex|wse|euronext(?: \\w+)?"
)
_TICKER = re.compile(rf"[(\[]?\b(?:{_EXCHANGES})\s*:\s*[A-Z0-9][\w.\-]{{0,9}}[)\]]?", re.IGNORECASE)
_REGISTERS = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|"
    "NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|NEW|THE|ADR|CAN|FI|UK|BM"
)
_REGISTER_MARK = re.compile(rf"(?<=\w)\s*[/\\](?:{_REGISTERS})[/\\]?\s*$", re.IGNORECASE)
_SHARES = re.compile(
    r"[-\s,]+(?:cl(?:ass)?\.?\s+[a-c]|[a-c]\s+shs?|n\s+shs|adr|ads|gdr|ord|ordinary shares|"
    r"common stock|reg(?:istered)? shs|pfd)\s*$",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"^\s*https?://", re.IGNORECASE)
_TOP_LEVEL = (
    "com|net|org|info|biz|io|ai|app|eu|de|fr|nl|be|it|es|pt|at|ch|pl|cz|sk|hu|ro|bg|gr|se|no|dk|fi|ie|"
    "uk|us|ca|au|nz|jp|cn|in|br|mx|ar|cl|ru|ua|tr|za|kr|tw|sg|hk|my|th|id|vn|il|ae"
)
_WEB_NAME = re.compile(
    rf"^\s*(www\d?\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.(?:{_TOP_LEVEL})(?:/\S*)?\s*$", re.IGNORECASE
)
_SECOND_LEVEL = {"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"}
_SHORTEST_LABEL = 3
_GLUED_FORM = re.compile(
    r"(?<=[a-z\u00df-\u00ff]{3})(GmbH|AG|SE|KG|LLC|LLP|PLC|Ltd|Inc|Corp|SA|SpA|NV|BV|AB|ASA|Oyj?|AS)\b"
)
_MESSRS = re.compile(r"\s*(?:M/s\b\.?|Fa\.|Spett\.?\s?le|Herrn\b)\s*", re.IGNORECASE)
"""How letters and invoices address a firm."""
_INDIAN = re.compile(r"\(P\)\.?\s*(?=L(?:td|imited)\b)", re.IGNORECASE)
_CLOSING = re.compile(r"\s*\bi\.\s?[LK]\.?\)?\s*$")
"""German *in Liquidation*, *in Konkurs* cut short."""
_CUT_WORDS = re.compile(r"(?<=[\s-])(?:u\.(?=\s)|f\.(?=\s[A-Z]))")
_WHOLE_WORDS = {"u.": "und", "f.": "f\u00fcr"}


def cleaned(name: str) -> str:
    """Return ``name`` as its owner wrote it.

    HTML entities and broken encodings are read; tickers, classes of shares, marks of registers,
    words of address and what stands around the name in a web address are taken away.
    """
    text = html.unescape(name) if _ENTITY.search(name) else name
    text = _mended(text)
    text = _GLUED_FORM.sub(r" \1", text)
    text = _TICKER.sub(" ", text) if ":" in text else text
    if "/" in text or "\\" in text:
        text = _REGISTER_MARK.sub("", _SCHEME.sub("", text))
    address = _MESSRS.match(text)
    text = _SHARES.sub("", text[address.end() :] if address else text)
    text = _INDIAN.sub("Pvt ", text) if "(" in text else text
    text = _CLOSING.sub("", text) if ".L" in text or ".K" in text or ". L" in text else text
    if " u. " in text or " f. " in text or "-u. " in text:
        text = _CUT_WORDS.sub(lambda found: _WHOLE_WORDS[found[0]], text)
    return _of_web_address(text) if "." in text else text


def _mended(text: str) -> str:
    """Return text whose UTF-8 was read as Windows-1252 once as it was."""
    if not _BROKEN.search(text):
        return text
    try:
        return _bytes_of(text).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return text


def _bytes_of(text: str) -> bytes:
    """Return the bytes behind a text; five of them have no letter in Windows-1252."""
    return b"".join(
        letter.encode("latin-1" if ord(letter) < 0x100 else "cp1252") for letter in text
    )


def _of_web_address(text: str) -> str:
    """Return the name before the top-level domain, where the text is an address and no more."""
    found = _WEB_NAME.match(text)
    if found is None:
        return text
    labels = found[2].split(".")
    while len(labels) > 1 and labels[-1].lower() in _SECOND_LEVEL:
        labels.pop()
    return labels[-1] if found[1] or len(labels[-1]) >= _SHORTEST_LABEL else text
