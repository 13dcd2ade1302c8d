"""When, in what order, how often: the flows, the HTTP client and the command line."""

import os

# Arrow's own allocator keeps what it frees; the system's gives it back, and a refresh has its peaks one after another.
# Arrow reads this when it is first imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
