"""One training step in PyTorch eager, timed: python training-step-in-torch.py MODEL THREADS WORKLOAD_JSON (see training.ts). Prints one line of JSON."""
import json
import resource
import sys
import time

import torch
import transformers

path, threads, work = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
torch.set_num_threads(threads)
model = transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
if work["trains"] == "lora":
    from peft import LoraConfig, get_peft_model

    model = get_peft_model(model, LoraConfig(r=16, lora_alpha=32, target_modules="all-linear"))
model.train()
vocab = min(40_000, model.config.vocab_size)
prompt = work["tokens"] - work["completion"]
source = lambda row, i: row // work["group"] if i < prompt else row
ids = torch.tensor([[100 + (source(row, i) * 977 + i * 131) % (vocab - 100) for i in range(work["tokens"])] for row in range(work["sequences"])])
trained = [p for p in model.parameters() if p.requires_grad]
matrices = [p for name, p in model.named_parameters() if p.requires_grad and p.ndim == 2 and "embed" not in name and "lm_head" not in name]
muon = torch.optim.Muon(matrices, lr=1e-5, adjust_lr_fn="original") if work["optimizer"] == "muon" else None
rest = [p for p in trained if not muon or all(p is not q for q in matrices)]
adamw = torch.optim.AdamW(rest, lr=1e-5, weight_decay=0.0)
keep = work["completion"] + 1
best = best_cpu = float("inf")
for _ in range(work["steps"]):
    start, cpu_start = time.perf_counter(), time.process_time()
    logits = model(input_ids=ids, use_cache=False, logits_to_keep=keep).logits[:, :-1]
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, -work["completion"] :].flatten())
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    for optimizer in (muon, adamw):
        if optimizer:
            optimizer.step()
            optimizer.zero_grad()
    best = min(best, time.perf_counter() - start)
    best_cpu = min(best_cpu, time.process_time() - cpu_start)
print(json.dumps({"stepSeconds": best, "cpuSeconds": best_cpu, "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
