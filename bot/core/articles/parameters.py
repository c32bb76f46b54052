"""The parts of an address's query that say nothing about the article: where a reader came from, a
session, a number that differs at every poll. Knows names and what values look like; no hosts, no
paths.
"""

from __future__ import annotations

import re

# Parameters that say how a reader came, never which article it is.
_TRACKING = re.compile(
    r"^(?:(?:utm_|at_|ns_|pk_|mtm_|hsa_|vero_|wt[._]|__twitter|fb_|ga_|mc_[ce]id|_hs|oly_|mkt_|trk)"
    r"|(?:fbclid|gclid|gclsrc|dclid|msclkid|yclid|igshid|igsh|twclid|ttclid|wbraid|gbraid|_ga|_gl"
    r"|xtor|cmp|cmpid|cmp_id|cid|ocid|icid|intcid|intcmp|ito|ftag|smid|smtyp|emc|partner|mod"
    r"|feedtype|feedname|traffic_source|tsmusaid|share|spm|ref|ref_src|referrer|rss|source|src"
    r"|via|campaign|taid|sr_share|amp|emailsource|mbid|rssfeed|from|link_source|soc_src|soc_trk)$)",
    re.IGNORECASE,
)
# These names can also carry meaning (a search, a section), so the value has to decide.
_AMBIGUOUS = {"ref", "source", "src", "via", "from", "share", "cid", "partner", "mod", "campaign"}
_FEEDLIKE = re.compile(
    r"rss|feed|atom|twitter|facebook|whatsapp|telegram|newsletter|email|social|share|google",
    re.IGNORECASE,
)
_FROM_RSS = re.compile(r"(?<![a-z])rss(?![a-z])|(?<![a-zA-Z])RSS|PCRSS")
# A visitor's session, or a number against caches: PHP, Java, ASP, ColdFusion, osCommerce, Zen Cart,
# Magento, Oracle, Liferay, WordPress, jQuery.
_SESSION = re.compile(
    r"^(?:phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|zenid|oscsid|xtcsid"
    r"|_*session_?id|sess_?id|_+sid|_afrloop|_adf\.ctrl-state|p_auth|p_p_auth|_wpnonce|x?nonce"
    r"|[cx]srf(?:[-_]?token)?|no[-_]?cache|cache[-_]?(?:bust|break|kill)\w*|_+|_?rnd|_?rand(?:om)?)$",
    re.IGNORECASE,
)
_SHAPED = re.compile(
    r"^(?:s|sid|sess|session|token|auth|hash|t|_t|ts|_ts|time|timestamp|v|ver|r|x|cb|_cb|uid|key|k"
    r"|visit\w*|rev|cache|version)$",
    re.IGNORECASE,
)
"""Names that can also carry meaning: a story, a film, a search."""
_NONCE = re.compile(
    r"^(?:[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|1\d{9}(?:\d{3})?(?:\.\d+)?|0\.\d{5,}"
    r"|(?=[^\d]*\d)(?=[\w-]*?[a-z])[\w-]{20,}={0,2})",
    re.IGNORECASE,
)
"""Machine-made digits and letters: hashes, UUIDs, the time in seconds, random fractions."""
_SESSION_ID = re.compile(r"^(?=\w*?\d)(?=\w*?[a-z])\w{6,}", re.IGNORECASE)
_NAMING = re.compile(
    r"^(?:\w*id|p|page|pg|n|nr|no|num|q|art\w*|news\w*|post\w*|story\w*|title|slug|name|permalink"
    r"|file|path|url|cat|topic|tag|section|date|day|item|read|berita|judul|kode|lang\w*)$",
    re.IGNORECASE,
)
"""Names of parameters that may identify the article itself."""


def is_idle(field: str, *, alone: bool = False) -> bool:
    """Whether a query field (`name=value`) can be dropped and the address still leads to the same
    article. `alone`: nothing but the query identifies the article."""
    return is_tracking(field) or is_session(field, alone=alone)


def is_tracking(field: str) -> bool:
    """Whether it says how a reader got there."""
    name, _, value = field.partition("=")
    if _FROM_RSS.search(value):
        return True
    if not name or not _TRACKING.match(name):
        return not name and not value
    return name.lower() not in _AMBIGUOUS or bool(_FEEDLIKE.search(value))


def is_session(field: str, *, alone: bool = False) -> bool:
    """Whether it identifies a visit, or defeats caches. A short number is more often an
    article's."""
    name, equals, value = field.partition("=")
    if equals and _SESSION.match(name):
        return True
    if alone:
        return False
    if not equals:
        return is_nonce(name)
    if not _SHAPED.match(name):
        return False
    written = _SESSION_ID if name.lower() in {"sid", "sess", "session"} else _NONCE
    return bool(written.fullmatch(value))


def is_nonce(value: str) -> bool:
    """Whether a machine made it: a hash, a UUID, a timestamp, a random number."""
    return bool(_NONCE.fullmatch(value))


def may_name(name: str) -> bool:
    """Whether a parameter of this name may identify an article, so that another value means another
    article."""
    return bool(_NAMING.match(name)) and not _SESSION.match(name)
