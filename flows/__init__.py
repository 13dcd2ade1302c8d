"""When, in what order, how often: the flows, the HTTP client and the command line."""

import ctypes
import os
from contextlib import suppress

# Arrow's own allocator keeps what it frees; the system's gives it back, and a refresh has its peaks one after another.
# Arrow reads this when it is first imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

_M_MMAP_THRESHOLD = -3
with suppress(OSError, AttributeError, TypeError):
    # glibc raises this bound whenever a large block is freed, and then keeps such blocks; fixed, it gives them back.
    # Elsewhere there is no such switch.
    ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1_000_000)
