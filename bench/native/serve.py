"""The conversation of bench/processes.ts: every line on standard input is one run of the workload."""
import sys
import time


def serve(run):
    for _ in sys.stdin:
        start = time.perf_counter()
        checksum = run()
        print((time.perf_counter() - start) * 1e3, float(checksum), flush=True)
