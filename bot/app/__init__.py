"""The composition root: builds every part, owns their lifetimes; the only room that knows all.

opened      the database, Telegram, the web; closed at the end
building    every part, connected; by concern: feeds, sending, talking, updates
program     the loops, until one dies or we are told to stop
running     `kabar run`: signals, and beginning anew
"""

from bot.app.building import build
from bot.app.opened import Timing
from bot.app.program import Kabar
from bot.app.running import run

__all__ = ["Kabar", "Timing", "build", "run"]
