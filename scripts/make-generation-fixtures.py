"""Makes what the generation and tokenizer tests compare with: greedy completions of the tiny models, and a tiny tokenizer with its ids.

    python scripts/make-engine-fixtures.py && python scripts/make-generation-fixtures.py

Needs torch, transformers, peft and tokenizers; run it only when the fixture models change.
"""
import json
from pathlib import Path

import torch
from peft import PeftModel
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, AutoTokenizer

ROOT = Path(__file__).parent.parent / "tests" / "engine" / "fixtures"
PROMPTS = [[1, 5, 9, 30, 7], [1], [1, 40, 41, 42, 43, 44, 45, 46, 47, 3, 4, 5], [1, 17, 23], [11, 12]]
NEW_TOKENS = 24
TEXTS = ["Hello world", "Refill 2 boxes, please!", "\u00dcn\u00efc\u00f6d\u00e9 \u2014 \u4f60\u597d \U0001f389\n\n\ttab", "a  b   c\n", "don't 12345", '{"n": [1,2]}', "<|im_end|>x", ""]
CHATS = [
    [{"role": "user", "content": "Hi there"}],
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}, {"role": "user", "content": "and 3?"}],
]
TEMPLATE = (
    "{% for message in messages %}{% if message['role'] not in ['system', 'user', 'assistant'] %}{{ raise_exception('unknown role') }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def greedy(model) -> list[list[int]]:
    completions = []
    for prompt in PROMPTS:
        ids = torch.tensor([prompt])
        with torch.no_grad():
            out = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=NEW_TOKENS, pad_token_id=0)
        completions.append(out[0, len(prompt):].tolist())
    return completions


def make_greedy(folder: Path) -> None:
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    result = {"newTokens": NEW_TOKENS, "prompts": PROMPTS, "base": greedy(base)}
    adapted = PeftModel.from_pretrained(base, folder / "adapter").eval()
    result["adapter"] = greedy(adapted)
    (folder / "greedy.json").write_text(json.dumps(result) + "\n")


def make_tokenizer(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(r"\d"), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(text, special=True, normalized=False) for text in ("<|endoftext|>", "<|im_start|>", "<|im_end|>")]
    trainer = trainers.BpeTrainer(vocab_size=320, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(TEXTS[:-2] * 3 + ["system user assistant please brief there"] * 3, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "clean_up_tokenization_spaces": False, "chat_template": TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    loaded = AutoTokenizer.from_pretrained(folder)
    texts = []
    for text in TEXTS:
        ids = loaded(text, add_special_tokens=False)["input_ids"]
        texts.append({"text": text, "ids": ids, "decoded": loaded.decode(ids, skip_special_tokens=True)})
    chats = []
    for messages in CHATS:
        for prompt in (True, False):
            text = loaded.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt)
            chats.append({"messages": messages, "addGenerationPrompt": prompt, "text": text, "ids": loaded(text, add_special_tokens=False)["input_ids"]})
    (folder / "expected.json").write_text(json.dumps({"texts": texts, "chats": chats}, indent=1) + "\n")


for name in ("llama-tied", "llama-untied", "llama-biased", "qwen2", "qwen3"):
    make_greedy(ROOT / name)
make_tokenizer(ROOT / "tokenizer")
