"""One base model in memory and the adapters that are served on top of it, each under a name of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peft import PeftModel
from peft.tuners.tuners_utils import BaseTunerLayer
from transformers import PreTrainedModel

from .scoring import without_adapter
from .serving_request import RequestError, refused


class ServedModels:
    """Loads, unloads and activates adapters. Not safe for threads: the server takes turns."""

    def __init__(self, base: PreTrainedModel, name: str) -> None:
        # As PEFT leaves it behind the first adapter: torch's kernels differ a little where gradients could be asked for.
        base.requires_grad_(False)
        self._model: Any = base
        self.base_name = name
        self._adapters: dict[str, tuple[str, str]] = {}
        self._loaded_count = 0

    def listing(self) -> list[dict[str, Any]]:
        """The `data` of /v1/models: the base first, then adapters in the order of loading."""
        base = {"id": self.base_name, "object": "model", "owned_by": "holdfast", "root": self.base_name, "parent": None}
        adapters = [
            {**base, "id": name, "root": path, "parent": self.base_name} for name, (_, path) in self._adapters.items()
        ]
        return [base, *adapters]

    @contextmanager
    def active(self, name: str) -> Iterator[Any]:
        """The model with the weights that are served as `name`."""
        if name == self.base_name:
            with without_adapter(self._model):
                yield self._model
        elif name in self._adapters:
            self._model.set_adapter(self._adapters[name][0])
            yield self._model
        else:
            raise RequestError(404, "model_not_found", f"The model {name!r} is not served")

    def load(self, name: str, path: str) -> None:
        """Adds an adapter; a name keeps its weights until it is unloaded."""
        if name == self.base_name or name in self._adapters:
            raise refused(f"The adapter {name!r} has already been loaded")
        if not os.path.isfile(os.path.join(path, "adapter_config.json")):
            raise RequestError(404, "adapter_not_found", f"No adapter lies at {path!r}")
        inner = f"adapter{self._loaded_count}"
        self._loaded_count += 1
        try:
            self._attach(inner, path)
        except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
            self._forget(inner)
            raise refused(f"The adapter at {path!r} cannot be loaded: {error}") from error
        self._model.eval()
        self._adapters[name] = (inner, path)

    def unload(self, name: str) -> None:
        """Takes an adapter out of memory."""
        if name not in self._adapters:
            raise RequestError(404, "model_not_found", f"The adapter {name!r} is not served")
        self._forget(self._adapters.pop(name)[0])

    def _attach(self, inner: str, path: str) -> None:
        if isinstance(self._model, PeftModel):
            self._model.load_adapter(path, adapter_name=inner)
        else:
            self._model = PeftModel.from_pretrained(self._model, path, adapter_name=inner)

    def _forget(self, inner: str) -> None:
        """Removes one adapter, and with the last one every trace that PEFT left in the base."""
        if isinstance(self._model, PeftModel):
            if self._adapters:
                if inner in self._model.peft_config:
                    self._model.delete_adapter(inner)
                return
            self._model = self._model.get_base_model()
        for module_name, module in list(self._model.named_modules()):
            if isinstance(module, BaseTunerLayer):
                parent, _, child = module_name.rpartition(".")
                setattr(self._model.get_submodule(parent), child, module.get_base_layer())
        if hasattr(self._model, "peft_config"):
            del self._model.peft_config
