"""How a post says that it was corrected or withdrawn, and when. Layout only.

✏️ Diperbarui 14.05 WIB             the newsroom changed headline, lead, picture or source
✏️ Ralat 14.05 WIB: REASON          an editor's correction (/correct)
⛔ Dicabut 14.05 WIB: REASON        withdrawn (/retract, or gone from the site)
"""

from __future__ import annotations

from bot.core.html import Html
from bot.core.language import Translator
from bot.core.model import CorrectionKind, Mark


def mark_line(mark: Mark, tr: Translator, *, of: int | None) -> Html:
    """The line in a post; with the day if that is not the article's (`of`)."""
    same_day = of is not None and tr.date(of) == tr.date(mark.at)
    when = tr.zoned_time(mark.at) if same_day else tr.zoned_moment(mark.at)
    match mark.kind:
        case CorrectionKind.CORRECTED:
            return tr.html("✏️ Correction {time}: {reason}", time=when, reason=mark.reason)
        case CorrectionKind.WITHDRAWN if mark.reason:
            return tr.html("⛔ Withdrawn {time}: {reason}", time=when, reason=mark.reason)
        case CorrectionKind.WITHDRAWN:
            return tr.html("⛔ Withdrawn {time}: it is no longer on our site", time=when)
        case _:
            return tr.html("✏️ Updated {time}", time=when)
