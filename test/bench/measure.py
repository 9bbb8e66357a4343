"""Runs a command some times; prints one JSON array: wall and CPU milliseconds and peak memory in KiB of each run.

The system's own accounting of a finished child, which Node does not show: wait4(2).
"""
import json, os, sys, time

runs, command = int(sys.argv[1]), sys.argv[2:]
results = []
for _ in range(runs):
    started = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(pid, 0)
    results.append({
        "wallMs": (time.monotonic() - started) * 1000,
        "cpuMs": (usage.ru_utime + usage.ru_stime) * 1000,
        "peakKiB": usage.ru_maxrss,
        "exitCode": os.waitstatus_to_exitcode(status),
    })
print(json.dumps(results))
