"""Compares pairs of answers with Math-Verify: one JSON object per line in, one out. Started by answer-equivalence.ts."""

import json
import logging
import resource
import sys
import time

from math_verify import parse, verify

logging.disable(logging.CRITICAL)
# A tower of powers would take all memory.
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))

for line in sys.stdin:
    case = json.loads(line)
    start = time.perf_counter()
    try:
        gold = parse(case["gold"], parsing_timeout=2)
        answer = parse(case["answer"], parsing_timeout=2)
        equal = bool(verify(gold, answer, timeout_seconds=2))
    except Exception:
        equal = False
    micros = (time.perf_counter() - start) * 1e6
    print(json.dumps({"equal": equal, "micros": micros}), flush=True)
