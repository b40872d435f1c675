"""One grade by a grading program: `def grade(sample, item)`. Follows sandbox_confine.py in the same text; reads one request, writes one reply."""

import json
import math


def say(reply):
    data = (json.dumps(reply) + "\n").encode()
    while data:
        data = data[os.write(3, data) :]


def run(request):
    try:
        names = {"__name__": "grader"}
        exec(compile(request["source"], "grader.py", "exec"), names)
        if not callable(names.get("grade")):
            return {"error": "the source has no function grade(sample, item)"}
        return {"value": plain(names["grade"](json.loads(request["sample"]), json.loads(request["item"])))}
    except BaseException as error:
        return {"error": (type(error).__name__ + ": " + str(error))[:500]}


def plain(verdict):
    """Numbers of numpy and their like as numbers; what is not JSON as its kind."""
    if verdict is None or isinstance(verdict, (bool, str)):
        return verdict
    if isinstance(verdict, dict):
        return {str(key): plain(value) for key, value in verdict.items()}
    try:
        number = float(verdict)
        return number if math.isfinite(number) else str(number)
    except Exception:
        return type(verdict).__name__


try:
    confine(json.loads(sys.stdin.readline())["limits"])
except Exception as error:
    say({"unavailable": str(error) if isinstance(error, Unavailable) else type(error).__name__ + ": " + str(error)})
    os._exit(0)
say({"ready": True})
say(run(json.loads(sys.stdin.readline())))
os._exit(0)
