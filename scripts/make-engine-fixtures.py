"""Remake tests/engine/fixtures: small random models of the Llama family with PyTorch's numbers for them.

    pip install torch transformers peft safetensors
    python scripts/make-engine-fixtures.py

Each variant gets a model directory in Hugging Face form (float16 weights), an adapter in PEFT's form, and reference.safetensors with
token sequences, logits, log-probabilities, entropies, divergences and every gradient, all computed in double precision.
adamw.json holds a few steps of torch.optim.AdamW.
"""
import json
import shutil
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

OUT = Path(__file__).parent.parent / "tests" / "engine" / "fixtures"
SMALL = {"vocab_size": 48, "hidden_size": 24, "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
LLAMA3 = {"rope_type": "llama3", "rope_theta": 5000.0, "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 16}
VARIANTS = {
    "llama-tied": (LlamaForCausalLM, LlamaConfig(**SMALL, tie_word_embeddings=True)),
    "llama-untied": (LlamaForCausalLM, LlamaConfig(**SMALL, tie_word_embeddings=False, rope_parameters=LLAMA3)),
    "llama-biased": (LlamaForCausalLM, LlamaConfig(**SMALL, tie_word_embeddings=False, attention_bias=True, mlp_bias=True)),
    "qwen2": (Qwen2ForCausalLM, Qwen2Config(**SMALL, tie_word_embeddings=True)),
    "qwen3": (Qwen3ForCausalLM, Qwen3Config(**SMALL, head_dim=8, tie_word_embeddings=False)),
}
LENGTHS, PROMPTS, TEMPERATURE = [13, 6, 19], [4, 1, 7], 0.7


def randomise(model, generator):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator) * (0.1 if parameter.dim() == 1 else 0.3)
            parameter.copy_((noise + (1.0 if name.endswith("norm.weight") else 0.0)).half().float())


def log_probs(model, ids):
    return torch.log_softmax(model(ids[None]).logits[0] / TEMPERATURE, dim=-1)


def score(model, sequences):
    rows = []
    for ids, prompt in zip(sequences, PROMPTS):
        predicted = log_probs(model, ids)[prompt - 1:-1]
        rows.append((predicted.gather(1, ids[prompt:, None])[:, 0], predicted))
    return rows


def gradients(model, sequences, weights):
    model.zero_grad()
    sum((logp * w).sum() for (logp, _), w in zip(score(model, sequences), weights)).backward()
    return {name: parameter.grad for name, parameter in model.named_parameters() if parameter.grad is not None}


def make(name, kind, config):
    generator = torch.Generator().manual_seed(len(name))
    directory = OUT / name
    shutil.rmtree(directory, ignore_errors=True)
    model = kind(config)
    randomise(model, generator)
    model.half().save_pretrained(directory)
    # Read again, because half() also rounded the rotary frequencies.
    model = kind.from_pretrained(directory, dtype=torch.float32).double()
    sequences = [torch.randint(3, SMALL["vocab_size"], (length,), generator=generator) for length in LENGTHS]
    weights = [torch.randn(length - prompt, generator=generator).double() for length, prompt in zip(LENGTHS, PROMPTS)]
    weights[0][2] = weights[0][3] = weights[2][-1] = 0.0
    out = {"logits": model(sequences[0][None]).logits[0]}
    base = score(model, sequences)
    for i, (ids, w, (logp, predicted)) in enumerate(zip(sequences, weights, base)):
        out |= {f"ids.{i}": ids, f"weights.{i}": w, f"logProb.{i}": logp,
                f"entropy.{i}": -(predicted.exp() * predicted).sum(-1)}
    out |= {f"gradient.{key}": value for key, value in gradients(model, sequences, weights).items()}

    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    tuned = get_peft_model(model.float(), LoraConfig(r=4, lora_alpha=8, target_modules=targets, task_type="CAUSAL_LM"))
    with torch.no_grad():
        for key, parameter in tuned.named_parameters():
            if "lora_" in key:
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2)
    tuned.save_pretrained(directory / "adapter")
    (directory / "adapter" / "README.md").unlink(missing_ok=True)
    tuned = tuned.double()
    for i, ((_, before), (logp, after)) in enumerate(zip(base, score(tuned, sequences))):
        out |= {f"lora.logProb.{i}": logp, f"lora.klFrom.{i}": (before.exp() * (before - after)).sum(-1)}
    for key, value in gradients(tuned, sequences, weights).items():
        out[f"lora.gradient.{key.removeprefix('base_model.model.').replace('.default', '')}"] = value
    out = {key: value.float().detach().contiguous() for key, value in out.items()}
    save_file(out, directory / "reference.safetensors")


PARTIAL = {
    "regex": {"target_modules": r".*layers\.0\..*(q|v)_proj"},
    "layers": {"target_modules": ["q_proj", "down_proj"], "layers_to_transform": [1]},
    "layers-pattern": {"target_modules": ["k_proj"], "layers_to_transform": 0, "layers_pattern": "layers"},
    "exclude": {"target_modules": "all-linear", "exclude_modules": ["o_proj", "model.layers.1.mlp.up_proj"]},
    "exclude-regex": {"target_modules": ["q_proj", "v_proj"], "exclude_modules": r"model\.layers\.1.*v_proj"},
    "names": {"target_modules": ["model.layers.1.self_attn.q_proj", "layers.0.mlp.gate_proj"]},
    "patterns": {"target_modules": ["q_proj", "v_proj", "down_proj"], "rank_pattern": {"q_proj": 2, r"layers\.1\.mlp\.down_proj": 6},
                 "alpha_pattern": {r"layers\.0\..*": 5, "v_proj": 16}},
    "patterns-stabilised": {"target_modules": ["q_proj", "v_proj"], "rank_pattern": {"^model.layers.0.self_attn.q_proj": 2}, "use_rslora": True},
}


def make_partial():
    """Adapters that reach only a part of the layers, or reach them with ranks of their own, and what they make of one sequence."""
    folder = OUT / "partial-adapters"
    shutil.rmtree(folder, ignore_errors=True)
    ids = torch.tensor([1, 5, 9, 30, 7, 22, 40, 3])
    expected = {"ids": ids.tolist(), "logProbs": {}}
    for index, (name, settings) in enumerate(PARTIAL.items()):
        generator = torch.Generator().manual_seed(100 + index)
        base = LlamaForCausalLM.from_pretrained(OUT / "llama-tied", dtype=torch.float32)
        tuned = get_peft_model(base, LoraConfig(r=4, lora_alpha=8, task_type="CAUSAL_LM", **settings))
        with torch.no_grad():
            for key, parameter in tuned.named_parameters():
                if "lora_" in key:
                    parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.3)
        tuned.save_pretrained(folder / name)
        (folder / name / "README.md").unlink(missing_ok=True)
        written = folder / name / "adapter_config.json"
        written.write_text(json.dumps({**json.loads(written.read_text()), "base_model_name_or_path": None}, indent=1) + "\n")
        tuned = tuned.double()
        with torch.no_grad():
            logits = torch.log_softmax(tuned(ids[None]).logits[0], dim=-1)
        expected["logProbs"][name] = logits[:-1].gather(1, ids[1:, None])[:, 0].tolist()
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def make_adamw():
    generator = torch.Generator().manual_seed(7)
    parameter = torch.nn.Parameter(torch.randn(6, generator=generator))
    steps = {"start": parameter.tolist(), "settings": {"learningRate": 0.02, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8, "weightDecay": 0.1}, "steps": []}
    optimizer = torch.optim.AdamW([parameter], lr=0.02, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.1)
    for _ in range(5):
        parameter.grad = torch.randn(6, generator=generator)
        optimizer.step()
        steps["steps"].append({"gradient": parameter.grad.tolist(), "after": parameter.tolist()})
    (OUT / "adamw.json").write_text(json.dumps(steps, indent=1))


for name, (kind, config) in VARIANTS.items():
    make(name, kind, config)
make_adamw()
make_partial()
