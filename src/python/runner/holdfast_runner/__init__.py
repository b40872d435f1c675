"""Holdfast's Python runner: trains with TRL and PEFT, and serves the models that a run is judged by."""
