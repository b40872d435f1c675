"""A stage's settings as arguments of TRL's config for its method, and the user's own TRL options beside them."""

from __future__ import annotations

import dataclasses
import difflib
from typing import Any

from .errors import RunnerError
from .protocol import DeviceSpec, RunnerSpec, RunnerStage
from .random_streams import torch_seed

DECIDED = frozenset(
    """adam_beta1 adam_beta2 adam_epsilon auto_find_batch_size bf16 bf16_full_eval data_seed dataloader_drop_last
    dataset_kwargs dataset_num_proc dataset_text_field ddp_backend deepspeed disable_tqdm do_eval do_predict do_train
    eos_token eval_on_start eval_steps eval_strategy fp16 fp16_full_eval formatting_func fsdp fsdp_config
    full_determinism generation_batch_size generation_kwargs gradient_accumulation_steps gradient_checkpointing
    hub_model_id hub_private_repo hub_strategy hub_token ignore_data_skip label_names learning_rate
    load_best_model_at_end log_completions log_completions_hub_repo logging_dir logging_first_step
    logging_nan_inf_filter logging_steps logging_strategy lr_scheduler_kwargs lr_scheduler_type max_completion_length
    max_grad_norm max_length max_steps metric_for_best_model min_p model_init_kwargs neftune_noise_alpha num_generations
    num_generations_eval num_iterations num_train_epochs optim optim_args optim_target_modules output_dir packing
    eval_packing pad_token padding_free per_device_eval_batch_size per_device_train_batch_size precompute_ref_log_probs
    push_to_hub remove_unused_columns repetition_penalty report_to restore_callback_states_from_checkpoint
    resume_from_checkpoint reward_weights run_name save_on_each_node save_only_model save_steps save_strategy
    save_total_limit seed shuffle_dataset steps_per_generation sync_ref_model temperature top_k top_p
    train_sampling_strategy truncation_mode use_adaptive_entropy use_cpu use_transformers_continuous_batching
    use_transformers_paged use_vllm warmup_ratio warmup_steps weight_decay""".split()
)
"""Which tokens are learned in which order, at which rate, on what, and what is kept: Holdfast's own."""


@dataclasses.dataclass(frozen=True)
class BatchPlan:
    """How one step's sequences pass through the model: so many at a time, so many times."""

    micro: int
    accumulation: int


def plan_batches(sequences: int, device: DeviceSpec, world: int, least: int = 1) -> BatchPlan:
    """The largest part of a step that fits `microBatchSize` and divides the step evenly: its loss is the step's."""
    if sequences % world != 0:
        raise RunnerError(
            "SPEC_INVALID",
            f"{sequences} sequences a step do not divide among {world} processes",
            "change the batch or the processes",
        )
    each = sequences // world
    limit = max(least, min(each, device["microBatchSize"] or each))
    micro = max(size for size in range(1, limit + 1) if each % size == 0)
    micro = micro if micro >= least else min(size for size in range(least, each + 1) if each % size == 0)
    return BatchPlan(micro, each // micro)


def common_options(spec: RunnerSpec, stage: RunnerStage, plan: BatchPlan) -> dict[str, Any]:
    """What every method's config is given.

    Logs go to our callback, checkpoints are ours, nothing leaves the machine.
    """
    device = spec["device"]
    return {
        "output_dir": f"{spec['directory']}/state/trl",
        "seed": torch_seed(spec["seeds"]["sampling"]),
        "per_device_train_batch_size": plan.micro,
        "gradient_accumulation_steps": plan.accumulation,
        "max_grad_norm": stage["optimizer"]["maxGradientNorm"],
        "train_sampling_strategy": "sequential",
        "use_cpu": device["kind"] == "cpu",
        "bf16": device["precision"] != "f32",
        "gradient_checkpointing": device["gradientCheckpointing"],
        "dataloader_pin_memory": device["kind"] == "cuda",
        "logging_strategy": "steps",
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
    }


def merged_options(config: type, ours: dict[str, Any], stage: RunnerStage) -> dict[str, Any]:
    """Ours and the user's. An option that TRL does not have or that Holdfast decides is a `RunnerError`."""
    known = {field.name for field in dataclasses.fields(config) if field.init}
    theirs = stage["method"].get("trl", {})
    for name in theirs:
        if name not in known:
            near = difflib.get_close_matches(name, known - DECIDED, 1)
            raise RunnerError(
                "TRL_OPTION_UNKNOWN",
                f"{config.__name__} has no option {name[:60]!r}",
                f"use {near[0]!r}" if near else f"see the fields of trl.{config.__name__}",
            )
        if name in DECIDED or name in ours:
            raise RunnerError(
                "TRL_OPTION_OWNED",
                f"Holdfast decides {name!r} of {config.__name__} itself",
                "remove it from trl and use the method's own settings, which both trainers understand",
            )
    return {name: value for name, value in {**ours, **theirs}.items() if name in known}


def build_config(config: type, options: dict[str, Any]) -> Any:
    """The config; what TRL itself refuses is told in its words."""
    try:
        return config(**options)
    except (TypeError, ValueError) as error:
        raise RunnerError(
            "TRL_OPTION_REFUSED", str(error).splitlines()[0][:500], "change the method's settings or trl options"
        ) from error
