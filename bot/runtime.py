"""What Python itself does beside our work, and when: collecting garbage, changing threads.

Knows the interpreter only. Figures: `python -m benchmarks delivery latency`.
"""

from __future__ import annotations

import gc
import sys

_YOUNG, _MIDDLE, _OLD = 10_000, 10, 10
"""Python's 700 new objects are a dozen messages: at a thousand a second it would look after each
few milliseconds. Most of ours die by reference count anyway."""
_SWITCH_SECONDS = 0.001
"""How long a thread of the database waits for the loop to let go of the interpreter (Python: 5 ms).
It waits at each statement, with all other writers behind it."""


def settle() -> None:
    """Called once everything is built. What lives as long as the program is looked at no more:
    walking through half a million objects of libraries held everybody up for 0.1 s, again and
    again. Cost: garbage in cycles among them would stay, so it is collected first."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    sys.setswitchinterval(_SWITCH_SECONDS)
