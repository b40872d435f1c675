"""Base models and their LoRA adapters in memory and on disk.

It knows nothing of training, sampling or serving: a base and a device in, a model out; a trained adapter in, PEFT's two
files out.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save as safetensors_bytes
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, PreTrainedModel, set_seed

TRAINED = "default"
"""Name of the adapter that is trained and exported; others in the same model are references."""


def load_base(base: Mapping[str, Any], device: Mapping[str, Any]) -> PreTrainedModel:
    """The base model on its device, in evaluation mode. A folder is read as it lies; a hub id may use the network."""
    if base["path"].startswith(("/", ".")) and not os.path.isdir(base["path"]):
        raise FileNotFoundError(f"There is no model folder {base['path']}")
    if device["kind"] == "cpu" and device["threads"] is not None:
        torch.set_num_threads(device["threads"])
    model = AutoModelForCausalLM.from_pretrained(
        base["path"],
        revision=base["revision"] or "main",
        local_files_only=os.path.isdir(base["path"]),
        dtype=torch.float32 if device["precision"] == "f32" else torch.bfloat16,
        quantization_config=_quantization(device),
        device_map={"": int(os.environ.get("LOCAL_RANK", "0"))} if device["kind"] == "cuda" else None,
    )
    model.eval()
    return model


def _quantization(device: Mapping[str, Any]) -> BitsAndBytesConfig | None:
    if device["precision"] != "4bit":
        return None
    if device["kind"] != "cuda":
        raise ValueError("4-bit weights need a CUDA device; on the CPU use f32 or bf16")
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )


def new_adapter(model: PreTrainedModel, lora: Mapping[str, Any], seed: int) -> PeftModel:
    """A new trainable adapter; the seed is set before its matrices are drawn, so equal seeds give equal adapters."""
    set_seed(seed)
    config = LoraConfig(
        r=lora["rank"],
        lora_alpha=lora["alpha"],
        target_modules=sorted(lora["targets"]),
        lora_dropout=0.0,
        bias="none",
        task_type="CAUSAL_LM",
    )
    return get_peft_model(model, config)


def load_parent(model: PreTrainedModel, adapter_path: str, trainable: bool) -> PeftModel:
    """An adapter of an earlier training on its base; without `trainable` its matrices take no gradient."""
    return PeftModel.from_pretrained(model, adapter_path, is_trainable=trainable)


def merge_parent(model: PreTrainedModel, adapter_path: str) -> PreTrainedModel:
    """The base with an adapter added into its weights. In bf16 the sum is rounded."""
    return load_parent(model, adapter_path, trainable=False).merge_and_unload()


def export_adapter(
    model: PeftModel, directory: str | Path, base_name: str | None, extras: Mapping[str, str] | None = None
) -> None:
    """Writes the trained adapter in PEFT's form, whole or not at all; equal adapters give equal bytes.

    `extras` are further text files of the folder, by name. What lay at `directory` is replaced.
    """
    target = Path(directory)
    unfinished = target.with_name(f".{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    files = {name: text.encode() for name, text in (extras or {}).items()}
    files["adapter_model.safetensors"] = _weights(model)
    files["adapter_config.json"] = _config(model, base_name)
    for name, content in files.items():
        path = unfinished / name
        path.write_bytes(content)
        path.chmod(0o644)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def _weights(model: PeftModel) -> bytes:
    tensors = get_peft_model_state_dict(model, adapter_name=TRAINED, save_embedding_layers=False)
    plain = {name: tensors[name].detach().to("cpu", torch.float32).contiguous() for name in sorted(tensors)}
    return safetensors_bytes(plain, metadata={"format": "pt"})


def _config(model: PeftModel, base_name: str | None) -> bytes:
    fields = model.peft_config[TRAINED].to_dict()
    fields.update(base_model_name_or_path=base_name, inference_mode=True)
    return (json.dumps(fields, indent=2, sort_keys=True, default=_sorted_set) + "\n").encode()


def _sorted_set(value: object) -> object:
    """Sets have no order of their own, other things (enums) are named by their text."""
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)
