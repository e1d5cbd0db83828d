"""The registrable domain of an address, and whether it belongs to one organisation alone."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from app.accounts.matching.shared_hosts import FREE_MAIL, FREE_MAIL_NAMES, SHARED_HOSTS

if TYPE_CHECKING:
    from tldextract import TLDExtract

_LONGEST = 2048


@cache
def _splitter() -> "TLDExtract":
    # Imported when first needed: it brings an HTTP client along, which is a tenth of our start.
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@lru_cache(maxsize=16_384)
def domain_of(text: str | None) -> str | None:
    """Return the registrable domain of a URL, e-mail address or host.

    None for free mail, shared hosting, plain addresses and what is no domain at all.
    """
    host = (text or "").strip().lower()
    if not host or len(host) > _LONGEST or any(c.isspace() for c in host):
        return None
    if "@" in host.split("/")[0]:
        host = host.rsplit("@", 1)[1]
    found = _splitter()(host)
    if not found.domain or not found.suffix:
        return None
    domain = f"{found.domain}.{found.suffix}"
    if found.domain in FREE_MAIL_NAMES or domain in FREE_MAIL or domain in SHARED_HOSTS:
        return None
    return domain
