"""How the program and its reading workers talk: length-prefixed pickles over two pipes.

The program trusts nothing that comes back: a worker reads strangers' bytes, so its answers may name
Kabar's own values and a few plain ones, never a function of any module.
"""

from __future__ import annotations

import io
import pickle
import struct
from typing import Any

HEAD = struct.Struct("!I")
_PLAIN = {("builtins", name) for name in ("set", "frozenset", "bytearray", "complex")}
_OURS = ("bot.core.model", "bot.core.html")


def packed(value: object) -> bytes:
    """A value as one frame."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return HEAD.pack(len(body)) + body


class _Careful(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module in _OURS and name.isidentifier():
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"a worker answered with {module}.{name}")


def unpacked(body: bytes) -> Any:
    """What a worker answered. Raises pickle.UnpicklingError for anything but plain values."""
    return _Careful(io.BytesIO(body)).load()
