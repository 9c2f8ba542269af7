"""What is measured of each contestant, in the same way."""

import resource
import time
from collections.abc import Callable
from typing import Any


def measured(action: Callable[[], int]) -> dict[str, Any]:
    """Wall and processor seconds, the passages that the action says it made, and the most memory the process has held.

    Processor seconds are what can be compared on a machine whose cores others use too.
    """
    start, used = time.perf_counter(), time.process_time()
    passages = action()
    return {
        "passages": passages,
        "seconds": time.perf_counter() - start,
        "cpu_s": time.process_time() - used,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
