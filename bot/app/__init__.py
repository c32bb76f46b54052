"""The composition root: builds every part and owns their lifetimes; the only package that knows all
others.

opened      the database, Telegram, the web; closed at the end
building    every part, connected; by concern: feeds, sending, talking, updates
program     the loops, until one dies or we are told to stop
running     `kabar run`: signals, and restarting after being superseded
"""

from bot.app.building import build
from bot.app.opened import Timing
from bot.app.program import Kabar
from bot.app.running import run

__all__ = ["Kabar", "Timing", "build", "run"]
