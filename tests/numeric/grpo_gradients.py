"""TRL's own GRPO loss on stored rollouts: `python grpo_gradients.py <batches.json> <out.safetensors>`.

A real GRPOTrainer is made around the model and its adapter, and its `_compute_loss` is given rollouts instead of drawing any. For each
batch the file gets `<name>.loss`, `<name>.<tensor>` (gradients by PEFT's names) and `<name>.reference.<row>` (log-probabilities).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from typing import Any

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TOKENIZERS_PARALLELISM="false")

import torch
from datasets import Dataset
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig, GRPOTrainer

REFERENCE = "reference"


def main(batches_path: str, out_path: str) -> None:
    with open(batches_path) as file:
        spec: dict[str, Any] = json.load(file)
    torch.set_num_threads(2)
    trainer = open_trainer(spec)
    found: dict[str, torch.Tensor] = {}
    for batch in spec["batches"]:
        found.update({f"{batch['name']}.{name}": value for name, value in gradients(trainer, batch, spec).items()})
    save_file(found, out_path)


def open_trainer(spec: dict[str, Any]) -> GRPOTrainer:
    base = AutoModelForCausalLM.from_pretrained(spec["base"], dtype=torch.float32)
    model = PeftModel.from_pretrained(base, spec["adapter"], is_trainable=True)
    model.load_adapter(spec["referenceAdapter"], adapter_name=REFERENCE)
    args = GRPOConfig(
        output_dir=tempfile.mkdtemp(),
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        report_to="none",
        disable_tqdm=True,
        disable_dropout=True,
        per_device_train_batch_size=len(spec["prompts"]),
        num_generations=2,
        temperature=spec["temperature"],
        epsilon=spec["clipLow"],
        epsilon_high=spec["clipHigh"],
        loss_type="dapo",
    )
    rows = Dataset.from_list([{"prompt": "none"}] * len(spec["prompts"]))
    tokenizer = AutoTokenizer.from_pretrained(spec["base"])
    trainer = GRPOTrainer(model=model, reward_funcs=no_reward, args=args, train_dataset=rows, processing_class=tokenizer)
    trainer.current_gradient_accumulation_steps = 1
    trainer.model.train()
    return trainer


def no_reward(completions: list[str], **_: Any) -> list[float]:
    return [0.0] * len(completions)


def gradients(trainer: GRPOTrainer, batch: dict[str, Any], spec: dict[str, Any]) -> dict[str, torch.Tensor]:
    inputs = padded(batch, spec)
    model = trainer.model
    trainer.beta = batch["klWeight"]
    reference: list[torch.Tensor] = []
    if trainer.beta > 0:
        inputs["ref_per_token_logps"] = reference_log_probs(trainer, inputs)
        lengths = inputs["completion_mask"].sum(1).tolist()
        reference = [row[:length].clone() for row, length in zip(inputs["ref_per_token_logps"], lengths)]
    model.zero_grad(set_to_none=True)
    loss = trainer._compute_loss(model, inputs)
    loss.backward()
    tensors = {
        name.replace(".default.", "."): parameter.grad.clone()
        for name, parameter in model.named_parameters()
        if ".default." in name and parameter.grad is not None
    }
    return {"loss": loss.detach().reshape(1), **tensors, **{f"{REFERENCE}.{row}": value for row, value in enumerate(reference)}}


def reference_log_probs(trainer: GRPOTrainer, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    """As TRL takes them from the copy of the starting adapter: the other adapter active, no gradient."""
    trainer.model.set_adapter(REFERENCE)
    with torch.no_grad():
        ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], dim=1)
        mask = torch.cat([inputs["prompt_mask"], inputs["completion_mask"]], dim=1)
        log_probs, *_ = trainer._get_per_token_logps_and_entropies(trainer.model, ids, mask, inputs["completion_ids"].size(1))
    trainer.model.set_adapter("default")
    return log_probs


def padded(batch: dict[str, Any], spec: dict[str, Any]) -> dict[str, torch.Tensor]:
    """Prompts padded on the left and completions on the right, as TRL pads what it draws."""
    prompts, completions = spec["prompts"], spec["completions"]
    longest_prompt, longest = max(map(len, prompts)), max(map(len, completions))
    left = [[0] * (longest_prompt - len(ids)) for ids in prompts]
    right = [[0] * (longest - len(ids)) for ids in completions]
    inputs = {
        "prompt_ids": torch.tensor([pad + ids for pad, ids in zip(left, prompts)]),
        "prompt_mask": torch.tensor([pad + [1] * len(ids) for pad, ids in zip(left, prompts)]),
        "completion_ids": torch.tensor([ids + pad for pad, ids in zip(right, completions)]),
        "completion_mask": torch.tensor([[1] * len(ids) + pad for pad, ids in zip(right, completions)]),
        "advantages": torch.tensor(batch["advantages"]),
        "num_items_in_batch": torch.tensor(float(sum(map(len, completions)))),
    }
    old = batch["oldLogProbs"]
    if old is not None:
        inputs["old_per_token_logps"] = torch.tensor([values + [0.0] * len(pad) for values, pad in zip(old, right)])
    return inputs


if __name__ == "__main__":
    main(*sys.argv[1:])
