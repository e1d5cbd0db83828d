"""Domains that many organisations share: free mail, hosting, links. They never match."""

from app.accounts.matching.data import words

_HOSTS = words("hosts.txt")

FREE_MAIL_NAMES = _HOSTS["free mail names"]
"""The name before any public suffix: yahoo.co.uk as well as yahoo.de."""

FREE_MAIL = _HOSTS["free mail"]
SHARED_HOSTS = _HOSTS["shared hosts"]
