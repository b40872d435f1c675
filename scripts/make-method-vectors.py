"""Write tests/method/fixtures/trl-vectors.json: losses, gradients and advantages as TRL itself computes them.

    pip install torch==2.13.0 trl==1.16.0 peft transformers datasets
    python scripts/make-method-vectors.py

The GRPO numbers come from GRPOTrainer._compute_loss, called on an instance without a model whose forward pass returns given log-probabilities,
so that autograd gives the derivative of TRL's own loss by each of them.
"""
import collections
import json
import types
from pathlib import Path

import torch
from trl import GRPOTrainer
from trl.trainer.utils import nanstd

torch.manual_seed(7)


def grpo_case(beta: float, rows: int = 4, tokens: int = 5) -> dict:
    log_probs = (-torch.rand(rows, tokens, dtype=torch.float64) * 3).requires_grad_()
    old = log_probs.detach() + 0.4 * torch.randn(rows, tokens, dtype=torch.float64)
    reference = log_probs.detach() + 0.3 * torch.randn(rows, tokens, dtype=torch.float64)
    advantages = torch.tensor([1.2, -0.7, 0.3, -0.8], dtype=torch.float64)
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 1, 1, 0], [1, 0, 0, 0, 0]])
    trainer = object.__new__(GRPOTrainer)
    trainer.__dict__.update(
        aux_loss_enabled=False, top_entropy_quantile=1.0, off_policy_mask_threshold=None, importance_sampling_level="token", beta=beta, loss_type="dapo",
        epsilon_low=0.2, epsilon_high=0.2, use_vllm=False, vllm_importance_sampling_correction=False, current_gradient_accumulation_steps=1, max_completion_length=tokens,
        _entropy_bonus_enabled=False, args=types.SimpleNamespace(use_bias_correction_kl=True, delta=None, steps_per_generation=1),
        model=types.SimpleNamespace(training=True), _metrics=collections.defaultdict(lambda: collections.defaultdict(list)),
        accelerator=types.SimpleNamespace(num_processes=1, gather=lambda value: value, reduce=lambda value, reduction: value), _get_per_token_logps_and_entropies=lambda *a, **k: (log_probs, torch.zeros_like(log_probs), None),
    )
    inputs = {
        "prompt_ids": torch.zeros(rows, 1, dtype=torch.long), "prompt_mask": torch.ones(rows, 1, dtype=torch.long), "completion_ids": torch.zeros(rows, tokens, dtype=torch.long),
        "completion_mask": mask, "advantages": advantages, "old_per_token_logps": old, "ref_per_token_logps": reference, "num_items_in_batch": mask.sum(),
    }
    loss = GRPOTrainer._compute_loss(trainer, None, inputs)
    loss.backward()
    cut = lambda matrix: [row[: int(m.sum())].tolist() for row, m in zip(matrix.detach(), mask)]
    return {"klWeight": beta, "logProbs": cut(log_probs), "oldLogProbs": cut(old), "referenceLogProbs": cut(reference), "advantages": advantages.tolist(),
            "loss": loss.item(), "gradients": cut(log_probs.grad)}


def advantages_case(rewards: list[float]) -> dict:
    values = torch.tensor(rewards, dtype=torch.float64)
    deviation = nanstd(values.view(1, -1), dim=1)
    centred = values - values.mean()
    return {"rewards": rewards, "group": (centred / (deviation + 1e-4)).tolist(), "none": centred.tolist()}


def sft_case() -> dict:
    logits = torch.randn(2, 4, 6, dtype=torch.float64)
    labels = torch.tensor([[1, 2, 3, 5], [4, 0, -100, -100]])
    log_probs = torch.log_softmax(logits, -1).gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    loss = torch.nn.functional.cross_entropy(logits.view(-1, 6), labels.view(-1), ignore_index=-100)
    return {"logProbs": [log_probs[0].tolist(), log_probs[1, :2].tolist()], "loss": loss.item()}


vectors = {"grpo": [grpo_case(0.0), grpo_case(0.04)], "advantages": [advantages_case([1, 0, 0, 1, 0, 0, 0, 0]), advantages_case([0.5, 0.25, 1.0, 0.75])], "sft": sft_case()}
out = Path(__file__).parent.parent / "tests/method/fixtures/trl-vectors.json"
out.write_text(json.dumps(vectors, indent=1) + "\n")
print(out, vectors["grpo"][0]["loss"], vectors["grpo"][1]["loss"])
