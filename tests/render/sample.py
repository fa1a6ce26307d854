"""A marked report with everything that the two kinds of study put on a page, and its figures."""

from __future__ import annotations

import struct
import zlib

from reporter.render.marks import NumberNote, mark

MODELS = [
    ("Meta Llama 3.3 70B", "OpenRouter", 2.86, 2.96),
    ("GPT-4o", "OpenAI", 2.94, 2.96),
    ("DeepSeek V3.2", "DeepSeek", 2.95, 3.03),
    ("Gemini 2.0 Flash", "Google", 3.01, 3.07),
    ("Claude Opus 4.5", "Anthropic", 3.06, 3.07),
    ("Claude Sonnet 4.5", "Anthropic", 3.08, 3.11),
    ("Claude Haiku 4.5", "Anthropic", 3.13, 3.13),
    ("Grok 4.1 Fast", "xAI", 3.03, 3.17),
]


class Numbers:
    """Marks numbers in order and keeps their notes, as the composing module will."""

    def __init__(self) -> None:
        self.notes: list[NumberNote] = []

    def __call__(self, text: str, address: str, origin: str = "mean of 3 prompts, published value") -> str:
        self.notes.append(NumberNote(address=address, origin=origin))
        return mark(len(self.notes) - 1, text)


def _slug(model: str) -> str:
    return model.lower().replace(" ", "-")


def _comparison(n: Numbers) -> str:
    rows = [
        f"| {model} | {provider} | {n(f'{at_100:.2f} ± 0.04', f'cells/{_slug(model)}/100.mean')} "
        f"| {n(f'{at_200:.2f} ± 0.06', f'cells/{_slug(model)}/200.mean')} "
        f"| {n(f'{at_200 - at_100:+.2f}', f'change/{_slug(model)}.estimate')} "
        f"| LASER | {'LASER' if at_200 < 3 else 'TRANSITION'} |"
        for model, provider, at_100, at_200 in MODELS
    ]
    return "\n".join(rows)


def _tests(n: Numbers) -> str:
    rows = []
    for model, _, at_100, at_200 in MODELS:
        values = [3, at_200 - at_100, -0.07, 0.1234, 1.9, 2.71, 0.0432, 0.3456, 0.41]
        cells = [
            n(f"{value:.3f}".replace("-", "−"), f"test/{_slug(model)}.{i}") for i, value in enumerate(values)
        ]
        rows.append(f"| {model} | {' | '.join(cells)} |")
    return "\n".join(rows)


def report(long_rows: int = 120) -> tuple[str, list[NumberNote]]:
    """Compose the sample; the last table has so many rows."""
    n = Numbers()
    register = "\n".join(
        f"| row-{i} | layer {i} | {n(f'{i * 0.0137:.4f}', f'rows/{i}.value', 'read from rows.csv')} | nats |"
        for i in range(long_rows)
    )
    text = f"""# 🌀 Token scaling: entropy at two limits

## Does a longer answer change the entropy of its words?

**DOI:** [10.17605/OSF.IO/T65VS](https://doi.org/10.17605/OSF.IO/T65VS)\\
**Date:** 2026-01-04\\
**Experiment:** token limit doubled, 100 → 200

## 📊 Summary

Entropy rose by {n("0.055", "change/all.estimate", "paired_t over 8 models")} nats
({n("95 % CI [0.014, 0.096]", "change/all.interval", "Student's t, 7 df")}) when the limit was doubled; see
[Table 1](#table-1) and [Figure 1](#figure-1). The change is **small beside the spread between models**,
and `paired_t` says no more than that. See also the [rows](tables/changes.csv).

> ⚠️ **Caution.** Eight models are a convenience set. The error term speaks of models like these, not of
> language models in general.

### Key findings

1. **Level.** All 8 models lie between {n("2.96", "levels.min")} and {n("3.17", "levels.max")} nats.
2. **Direction.** Seven of eight rose:
   - Grok 4.1 Fast most, by {n("0.14", "change/grok.estimate")} nats;
   - Claude Haiku 4.5 not at all:
     - its mean is 3.13 nats at both limits,
     - its standard deviation is not comparable.
3. **Zones.** One model crossed 3.0 nats.

   It is DeepSeek V3.2, and the crossing is not established at this n.

## 📈 Complete comparison

**Table 1.** Mean entropy of answers at two token limits (nats), mean ± standard deviation over 3 prompts;
change with Welch's test in [Table 2](#table-2).

| Model | Provider | 100 tokens | 200 tokens | Change | Zone (100) | Zone (200) |
|---|---|--:|--:|--:|:-:|:-:|
{_comparison(n)}

**Table 2.** Welch's test of each change, with Holm's correction over the eight.

| Model | n | Change | Low | High | t | df | p | Adjusted p | g |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
{_tests(n)}

![Eight lines from 100 to 200 tokens, most rising a little, over zone bands.](figures/slopes.svg)

**Figure 1.** Mean entropy at both limits over the zone bands. Bars are 95 % intervals.

## 🔬 Detailed analysis

```
Zone:   LASER < 3.0 <= TRANSITION < 4.0 <= LANTERN
Symbols: ✓ ✗ ⟡ ∞ † ≋ ∝ ⁻ → ≤ ρ Δ
```

![A dark square and a light square side by side.](figures/squares.png)

**Figure 2.** A raster picture, as a heat map would be.

### Data quality

A name such as <script>alert(1)</script> or a & b in the data is text. The answer is ✅ or ❌.

---

## Number register

**Table 3.** Every row of the collection.

| Address | Layer | Value | Unit |
|---|---|--:|---|
{register}

*The measurement continues.*
"""
    return text, n.notes


def figures() -> dict[str, bytes]:
    """One vector and one raster picture."""
    lines = "".join(
        f'<path d="M60 {2082 - 640 * a:.1f} L540 {2082 - 640 * b:.1f}" stroke="#1f4e79"/>'
        f'<text x="548" y="{2085 - 640 * b:.1f}" font-size="9">{model}</text>'
        for model, _, a, b in MODELS
    )
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="680" height="320" viewBox="0 0 680 320">'
        f'<rect x="60" y="20" width="480" height="270" fill="#f1f1ee"/>{lines}</svg>'
    )
    return {"figures/slopes.svg": drawing.encode(), "figures/squares.png": _png(120, 40)}


def _png(width: int, height: int) -> bytes:
    """Write a grey picture, left half dark, with no metadata."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    row = b"\x00" + b"\x30" * (width // 2) + b"\xd0" * (width // 2)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(row * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
