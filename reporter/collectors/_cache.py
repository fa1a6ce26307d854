"""Keys and values of past tokens, in memory that is set aside once and never copied to grow."""

from __future__ import annotations

from typing import Any


def preallocated_cache(config: Any, capacity: int) -> Any:
    """Make a cache for ``capacity`` positions.

    Layers with a sliding window keep all positions too: the mask forgets, the memory does not move. Layers
    that are no attention (state space models) keep the cache of transformers.
    """
    from transformers.cache_utils import DynamicCache, DynamicLayer, DynamicSlidingWindowLayer

    class PreallocatedLayer(DynamicLayer):  # type: ignore[misc]
        """One layer: buffers (answers, heads, capacity, width) of which the first ``length`` are filled."""

        is_sliding = False
        is_initialized: bool
        keys: Any
        values: Any

        def update(self, keys: Any, values: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
            if not self.is_initialized:
                self.dtype, self.device, self.is_initialized = keys.dtype, keys.device, True
                self.buffers = [_room(part, capacity) for part in (keys, values)]
                self.length = 0
            start, self.length = self.length, self.length + keys.shape[-2]
            for buffer, part in zip(self.buffers, (keys, values), strict=True):
                buffer[:, :, start : self.length] = part
            self._show()
            return self.keys, self.values

        def batch_select_indices(self, indices: Any) -> None:
            for place, buffer in enumerate(self.buffers):
                filled = buffer[indices, :, : self.length]
                self.buffers[place] = buffer[: len(indices)]
                self.buffers[place][:, :, : self.length] = filled
            self._show()

        def _show(self) -> None:
            self.keys, self.values = (buffer[:, :, : self.length] for buffer in self.buffers)

    cache = DynamicCache(config=config)
    cache.layers = [
        PreallocatedLayer() if type(layer) in (DynamicLayer, DynamicSlidingWindowLayer) else layer
        for layer in cache.layers
    ]
    if cache.layer_class_to_replicate is DynamicLayer:
        cache.layer_class_to_replicate = PreallocatedLayer
    return cache


def _room(part: Any, capacity: int) -> Any:
    return part.new_empty((*part.shape[:2], capacity, part.shape[-1]))
