"""Equality of texts: one Unicode form, one apostrophe, one hyphen, one space, no case; accents count."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import normalize

_SAME = {ord(mark): "'" for mark in "\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4\u0060\uff07"}
_SAME |= {ord(mark): "-" for mark in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u00ad"}
_SAME |= {
    ord(mark): " "
    for mark in "\t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
}


@lru_cache(maxsize=4096)
def normal_form(text: str) -> str:
    """Return the form under which two texts are equal."""
    plain = normalize("NFC", text).translate(_SAME).strip().casefold()
    return normalize("NFC", plain)


def same_text(left: str, right: str) -> bool:
    """Say whether two texts are equal."""
    return left == right or normal_form(left) == normal_form(right)
