"""Remake tests/engine/fixtures/templates/expected.json: conversations through the chat templates of model families, with transformers.

    pip install transformers==5.24.0 jinja2==3.1.6
    python scripts/make-template-fixtures.py

Every template gets a small tokenizer: the bytes of tests/engine/fixtures/tokenizer and the family's own special tokens, named in one file only
(tokenizer_config.json, special_tokens_map.json or added tokens, in turn), since that is how published models differ. A conversation that a template
refuses is kept as null.
"""
import json
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from transformers import AutoTokenizer
from transformers.utils import chat_template_utils

FIXTURES = Path(__file__).parent.parent / "tests" / "engine" / "fixtures"
OUT = FIXTURES / "templates" / "expected.json"


class Clock(datetime):
    """The one moment that Holdfast tells every template."""

    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26, 12)


chat_template_utils.datetime = Clock
IM = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]
LLAMA3 = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|python_tag|>"]
GEMMA = ["<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"]
MISTRAL = ["<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]",
           "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"]
PHI = ["<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<|im_start|>", "<|im_sep|>", "<|im_end|>"]
DEEPSEEK = ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>", "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>",
            "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>", "<｜tool▁outputs▁begin｜>", "<｜tool▁output▁begin｜>",
            "<｜tool▁output▁end｜>", "<｜tool▁outputs▁end｜>"]
# Name, special tokens, named parts, the file that names them, stop tokens of generation_config.json in the order of the published model.
FAMILIES = [
    ("llama2", ["<s>", "</s>"], {"bos_token": "<s>", "eos_token": "</s>"}, "map", ["</s>"]),
    ("llama3", LLAMA3, {"bos_token": LLAMA3[0], "eos_token": "<|eot_id|>"}, "config", ["<|end_of_text|>", "<|eot_id|>"]),
    ("llama3_1", LLAMA3, {"bos_token": LLAMA3[0], "eos_token": "<|eot_id|>"}, "map", ["<|end_of_text|>", "<|eom_id|>", "<|eot_id|>"]),
    ("llama3_2", LLAMA3, {"bos_token": LLAMA3[0], "eos_token": "<|eot_id|>"}, "decoder", ["<|end_of_text|>", "<|eom_id|>", "<|eot_id|>"]),
    ("qwen2_5", IM, {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}, "config", ["<|im_end|>", "<|endoftext|>"]),
    ("qwen3", IM, {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}, "decoder", ["<|endoftext|>", "<|im_end|>"]),
    ("qwen3_instruct_2507", IM, {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}, "map", ["<|im_end|>", "<|endoftext|>"]),
    ("mistral_v1", MISTRAL, {"bos_token": "<s>", "eos_token": "</s>"}, "map", ["</s>"]),
    ("mistral_v2v3", MISTRAL, {"bos_token": "<s>", "eos_token": "</s>"}, "config", ["</s>"]),
    ("mistral_v7_tekken", MISTRAL, {"bos_token": "<s>", "eos_token": "</s>"}, "decoder", ["</s>"]),
    ("gemma", GEMMA, {"bos_token": "<bos>", "eos_token": "<eos>"}, "map", ["<eos>", "<end_of_turn>"]),
    ("gemma3", GEMMA, {"bos_token": "<bos>", "eos_token": "<eos>"}, "decoder", ["<eos>", "<end_of_turn>"]),
    ("phi3", PHI, {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"}, "config", ["<|endoftext|>", "<|assistant|>", "<|end|>"]),
    ("phi3_5", PHI, {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"}, "map", ["<|endoftext|>", "<|assistant|>", "<|end|>"]),
    ("phi_4", PHI, {"bos_token": "<|endoftext|>", "eos_token": "<|im_end|>"}, "decoder", ["<|endoftext|>", "<|im_end|>"]),
    ("smollm2", IM, {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"}, "map", ["<|im_end|>"]),
    ("smollm3", IM, {"eos_token": "<|im_end|>"}, "config", ["<|im_end|>"]),
    ("chatml", IM, {"eos_token": "<|im_end|>"}, "map", ["<|endoftext|>", "<|im_end|>"]),
    ("python_values", IM, {"eos_token": "<|im_end|>"}, "config", ["<|im_end|>"]),
    ("deepseek_v2", DEEPSEEK, {"bos_token": DEEPSEEK[0], "eos_token": DEEPSEEK[1]}, "config", [DEEPSEEK[1]]),
    ("deepseekv3", DEEPSEEK, {"bos_token": DEEPSEEK[0], "eos_token": DEEPSEEK[1]}, "map", [DEEPSEEK[1]]),
]
SYSTEM = {"role": "system", "content": " You answer briefly. "}
USER = {"role": "user", "content": "What is 3 + 4?\nSay “seven” 🙂 "}
ANSWER = {"role": "assistant", "content": "Seven."}
THOUGHT = {"role": "assistant", "content": "<think>\n3 + 4\n</think>\n\nSeven."}
MORE = {"role": "user", "content": "And 5 + 6?"}
ARGUMENTS = '{"a": 3, "b": [1.5, true, null, "x\\"é"], "c": {}}'
CALL = {"role": "assistant", "content": "", "toolCalls": [{"id": "abcdefghi", "name": "add", "arguments": ARGUMENTS}]}
RESULT = {"role": "tool", "content": '{"sum": 7}', "toolCallId": "abcdefghi"}
TOOLS = [
    {"name": "add", "description": "Adds <two> & more 'numbers'", "parameters": {"type": "object", "properties": {
        "a": {"type": "number", "description": "one", "default": 0.5}, "b": {"type": "array", "items": {"type": "number"}}}, "required": ["a"]}},
    {"name": "größe", "parameters": {"type": "object", "properties": {}}},
]
CHATS = {
    "user": ([USER], []),
    "system": ([SYSTEM, USER], []),
    "turns": ([SYSTEM, USER, ANSWER, MORE], []),
    "thought": ([USER, THOUGHT, MORE], []),
    "answered": ([USER, ANSWER], []),
    "tools": ([SYSTEM, USER], TOOLS),
    "tool result": ([USER, CALL, RESULT], TOOLS),
    "tool turns": ([SYSTEM, USER, CALL, RESULT, ANSWER, MORE], TOOLS),
}


def build(name, special, parts, place):
    """A model directory whose special tokens stand in one place."""
    directory = Path(tempfile.mkdtemp())
    definition = json.loads((FIXTURES / "tokenizer" / "tokenizer.json").read_text())
    vocabulary = definition["model"]["vocab"]
    new = [content for content in special if content not in vocabulary]
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    ids = {content: vocabulary[content] if content in vocabulary else len(vocabulary) + new.index(content) for content in special}
    tokens = [{"id": ids[content], "content": content, **flags} for content in sorted(special, key=ids.get)]
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False}
    definition["added_tokens"] = tokens
    if place == "decoder":
        config["added_tokens_decoder"] = {str(token["id"]): {key: value for key, value in token.items() if key != "id"} for token in tokens}
        config.update(parts)
        # All others are known to this file only.
        definition["added_tokens"] = tokens[:1]
    elif place == "config":
        config.update({key: {"__type": "AddedToken", "content": value, **{k: v for k, v in flags.items() if k != "special"}} for key, value in parts.items()})
    else:
        (directory / "special_tokens_map.json").write_text(json.dumps(parts))
    (directory / "tokenizer.json").write_text(json.dumps(definition, ensure_ascii=False))
    (directory / "tokenizer_config.json").write_text(json.dumps(config, ensure_ascii=False))
    shutil.copy(FIXTURES / "templates" / f"{name}.jinja", directory / "chat_template.jinja")
    return directory, {path.name: json.loads(path.read_text()) for path in directory.glob("*.json") if path.name != "tokenizer.json"}, [
        {"content": token["content"], "id": token["id"]} for token in definition["added_tokens"]]


def as_transformers(message):
    result = {"role": message["role"], "content": message["content"]}
    if "toolCalls" in message:
        result["tool_calls"] = [{"id": call["id"], "type": "function", "function": {"name": call["name"], "arguments": json.loads(call["arguments"])}}
                                for call in message["toolCalls"]]
    if "toolCallId" in message:
        result["tool_call_id"] = message["toolCallId"]
    return result


def render(tokenizer, chat, add, thinking):
    messages, tools = chat
    extra = {} if thinking is None else {"enable_thinking": thinking}
    shown = [{"type": "function", "function": tool} for tool in tools] or None
    try:
        text = tokenizer.apply_chat_template([as_transformers(one) for one in messages], tools=shown, add_generation_prompt=add, tokenize=False,
                                             date_string="26 Jul 2024", **extra)
    except Exception:
        return None
    return {"text": text, "ids": tokenizer(text, add_special_tokens=False)["input_ids"]}


def main():
    families = []
    for name, special, parts, place, stops in FAMILIES:
        directory, files, added = build(name, special, parts, place)
        tokenizer = AutoTokenizer.from_pretrained(directory)
        renderings = []
        for chat in CHATS:
            for thinking in ([None, True, False] if name.startswith(("qwen3", "smollm3")) else [None]):
                add = chat != "answered"
                renderings.append({"chat": chat, "addGenerationPrompt": add, "thinking": thinking, **(render(tokenizer, CHATS[chat], add, thinking) or {"text": None, "ids": None})})
        stop_ids = [tokenizer.convert_tokens_to_ids(token) for token in stops]
        families.append({"name": name, "added": added, "files": files, "stopIds": stop_ids, "renderings": renderings})
        shutil.rmtree(directory)
    chats = {name: {"messages": messages, "tools": tools} for name, (messages, tools) in CHATS.items()}
    lines = ",\n".join(json.dumps(family, ensure_ascii=False) for family in families)
    OUT.write_text(f'{{"chats": {json.dumps(chats, ensure_ascii=False)},\n"families": [\n{lines}\n]}}\n')
    print(f"{len(families)} templates, {sum(len(one['renderings']) for one in families)} renderings")


main()
