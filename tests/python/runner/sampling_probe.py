"""Exercises loading and sampling on a model folder and prints what came out as one line of JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from holdfast_runner.loading import export_adapter, load_base, load_parent, merge_parent, new_adapter
from holdfast_runner.sampling import SamplingSettings, TokenSequence, kl_from_base, sample, score

LORA = {"rank": 3, "alpha": 6, "targets": ["v_proj", "down_proj", "q_proj"]}
DEVICE = {"kind": "cpu", "threads": 1, "precision": "f32"}


def settings(**changes: Any) -> SamplingSettings:
    plain = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "max_new_tokens": 12}
    return SamplingSettings(**{**plain, **changes}, stop_ids=frozenset([2]), pad_id=0)


def drawn(model: Any, prompts: list[list[int]], seeds: list[list[int]], **changes: Any) -> list[Any]:
    batch = {"batch_tokens": changes.pop("batch_tokens")} if "batch_tokens" in changes else {}
    groups = sample(model, prompts, seeds, settings(**changes), **batch)
    return [[[one.ids, one.log_probs, one.finish] for one in group] for group in groups]


def counts(model: Any, prompt: list[int], **changes: Any) -> list[int]:
    """How often each token comes first in 6,000 draws."""
    found = [0] * model.config.vocab_size
    for [ids, _, _] in drawn(model, [prompt], [list(range(6000))], max_new_tokens=1, **changes)[0]:
        found[ids[0]] += 1
    return found


def sampling(model: Any, prompts: list[list[int]]) -> dict[str, Any]:
    seeds = [[10 * p + k for k in range(3)] for p in range(len(prompts))]
    calls: list[list[int]] = []
    sample(model, prompts, seeds, settings(), lambda *report: calls.append(list(report)))
    following = [TokenSequence([*prompts[0], one], len(prompts[0])) for one in range(model.config.vocab_size)]
    return {
        "greedy": drawn(model, prompts, [[1, 2]] * len(prompts), temperature=0.0),
        "together": drawn(model, prompts, seeds),
        "again": drawn(model, prompts, seeds),
        "smallBatches": drawn(model, prompts, seeds, batch_tokens=60),
        "alone": drawn(model, [prompts[1]], [[seeds[1][2]]]),
        "noSeeds": drawn(model, prompts, [[] for _ in prompts]),
        "progress": calls,
        "exact": [value for [value] in score(model, following, 0)],
        "exactWarm": [value for [value] in score(model, following, 0, 2.0)],
        "plain": counts(model, prompts[0]),
        "warm": counts(model, prompts[0], temperature=2.0),
        "topK": counts(model, prompts[0], top_k=3),
        "topP": counts(model, prompts[0], top_p=0.6),
        "both": counts(model, prompts[0], top_k=4, top_p=0.6),
    }


def adapters(base: dict[str, Any], out: Path, prompts: list[list[int]]) -> dict[str, Any]:
    sequences = [TokenSequence(prompt, 1) for prompt in prompts]
    model = new_adapter(load_base(base, DEVICE), LORA, 7)
    export_adapter(model, out / "seven", "the-base")
    export_adapter(model, out / "seven-new", "the-base")
    export_adapter(new_adapter(load_base(base, DEVICE), LORA, 7), out / "seven-again", "the-base")
    export_adapter(new_adapter(load_base(base, DEVICE), LORA, 8), out / "eight", "the-base")
    model.add_adapter("ref", model.peft_config["default"])
    generator = torch.Generator().manual_seed(1)
    for name, weight in model.named_parameters():
        if "lora_B.default" in name:
            weight.data.normal_(0, 0.2, generator=generator)
    export_adapter(model, out / "seven", "the-base", {"canary.json": "{}"})
    fixed = load_parent(load_base(base, DEVICE), str(out / "seven"), trainable=False)
    trainable = load_parent(load_base(base, DEVICE), str(out / "seven"), trainable=True)
    merged = merge_parent(load_base(base, DEVICE), str(out / "seven"))
    return {
        "scores": score(model, sequences, 0),
        "baseScores": score(load_base(base, DEVICE), sequences, 0),
        "kl": kl_from_base(model, sequences, 0),
        "mergedScores": score(merged, sequences, 0),
        "mergedNames": [name for name, _ in merged.named_parameters() if "lora" in name],
        "afterMerge": score(new_adapter(merged, LORA, 9), sequences, 0),
        "trainableOfFixed": sum(weight.numel() for weight in fixed.parameters() if weight.requires_grad),
        "trainable": sorted({name.split(".")[-3] for name in trained_names(trainable)}),
    }


def trained_names(model: Any) -> list[str]:
    return [name for name, weight in model.named_parameters() if weight.requires_grad]


def main() -> None:
    base = {"path": sys.argv[1], "revision": None}
    prompts = json.loads(sys.argv[3])
    refusals = []
    nowhere = {"path": "/no/such/folder", "revision": None}
    for bad, device in [(nowhere, DEVICE), (base, {**DEVICE, "precision": "4bit"})]:
        try:
            load_base(bad, device)
        except (FileNotFoundError, ValueError) as error:
            refusals.append(str(error))
    result = {
        "sampling": sampling(load_base(base, DEVICE), prompts),
        "adapters": adapters(base, Path(sys.argv[2]), prompts),
        "refusals": refusals,
    }
    print(json.dumps(result))


main()
