"""Names of the types of arrays, for every room but the kernel, which imports nothing and names its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]  # numbers of things and days
Counts = NDArray[np.int64]  # people
Stored = NDArray[np.int32]  # people, as a forecast keeps them
Flags = NDArray[np.bool_]
Keys = NDArray[np.uint64]  # words of random addresses
