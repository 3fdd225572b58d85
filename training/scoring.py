"""Error rates, as `npm run wer` counts them: edits over all recordings by all reference words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def edit_distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Fewest insertions, deletions and substitutions that turn one sequence into the other."""
    row = list(range(len(hypothesis) + 1))
    for i, wanted in enumerate(reference, 1):
        previous, row = row, [i]
        for j, got in enumerate(hypothesis, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (wanted != got)))
    return row[-1]


def error_rate(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> float:
    """Errors in percent of the reference's units over (reference, hypothesis) pairs."""
    errors = units = 0
    for reference, hypothesis in pairs:
        errors += edit_distance(reference, hypothesis)
        units += len(reference)
    return 100.0 * errors / max(1, units)


def collapse(ids: Iterable[int], symbols: Sequence[str], blank: int = 0) -> list[str]:
    """The symbols of a greedy CTC path: repeats merged, blanks dropped."""
    out: list[str] = []
    last = blank
    for unit in ids:
        if unit not in (last, blank):
            out.append(symbols[unit])
        last = unit
    return out
