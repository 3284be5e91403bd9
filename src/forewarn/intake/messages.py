"""Messages between this process and the box: plain data behind their length.

The box has had a stranger's file in its hands, so what it answers is read as plain data: no class and no
function can be named in it but dates and times.
"""

from __future__ import annotations

import io
import pickle
import struct
from typing import IO, Any, Final

MOST_BYTES: Final = 2**30
"""Largest message; assumption: the roads of the largest map extract take a quarter of it."""
_LENGTH: Final = struct.Struct("<Q")
_PLAIN: Final = frozenset({("datetime", "date"), ("datetime", "datetime"), ("datetime", "time")})


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        message = f"{module}.{name} is not plain data"
        raise pickle.UnpicklingError(message)


def send(stream: IO[bytes], message: object) -> None:
    """Write a message of plain data: text, bytes, numbers, dates, lists, tuples and mappings of them."""
    data = pickle.dumps(message, protocol=5)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:  # noqa: ANN401
    """Read a message.

    Raises
    ------
    EOFError
        The other side is gone.
    pickle.UnpicklingError
        It is too long, or no plain data.
    """
    (size,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if size > MOST_BYTES:
        message = f"a message of {size:,} bytes"
        raise pickle.UnpicklingError(message)
    return _PlainUnpickler(io.BytesIO(_exactly(stream, size))).load()


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
