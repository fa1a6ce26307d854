"""One row per generated token, and the way from many of them back to answers."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reporter.collectors.generation import Answer
from reporter.collectors.jobs import Job
from reporter.collectors.models import LocalModel

TOKENS = pa.schema(
    [
        ("address", pa.dictionary(pa.int32(), pa.string())),
        ("step", pa.int32()),
        ("token", pa.int32()),
        ("logprob", pa.float32()),  # raw
        ("raw_entropy", pa.float32()),  # nats
        ("warped_entropy", pa.float32()),  # nats
        ("missing_mass", pa.float32()),
    ]
)


def token_rows(job: Job, answer: Answer, model: LocalModel) -> pa.Table:
    """Lay out an answer's steps as rows; the token that ended the answer is left out."""
    n = answer.n_tokens
    address = pa.DictionaryArray.from_arrays(
        np.zeros(n, np.int32), pa.array([job.cell(model)["address"]], pa.string())
    )
    steps = (answer.tokens, answer.logprobs, answer.raw_entropy, answer.warped_entropy, answer.missing_mass)
    return pa.table([address, np.arange(n, dtype=np.int32), *(step[:n] for step in steps)], schema=TOKENS)


def entropy_by_answer(file: Path) -> pa.Table:
    """Average each answer's raw token entropies, a row group at a time.

    Memory grows with the number of answers, not with that of tokens.

    Parameters
    ----------
    file : Path
        Parquet with the columns of :data:`TOKENS`; those that are not needed are not read.

    Returns
    -------
    table (answers,)
        ``address``, ``raw_entropy`` (nats, mean over tokens), ``n``.
    """
    metadata = pq.read_metadata(file)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(partial(_sums, file, metadata), range(metadata.num_row_groups))
        parts = [part for several in found for part in several]
    table = pa.concat_tables(parts).group_by("address").aggregate([("total", "sum"), ("n", "sum")])
    mean = pc.divide(table["total_sum"], table["n_sum"])
    return pa.table({"address": table["address"], "raw_entropy": mean, "n": table["n_sum"]})


def _sums(file: Path, metadata: pq.FileMetaData, group: int) -> list[pa.Table]:
    """Sum over runs of equal address, for the rows of an answer follow each other."""
    with pq.ParquetFile(file, metadata=metadata, memory_map=True, read_dictionary=["address"]) as source:
        table = source.read_row_group(group, columns=["address", "raw_entropy"], use_threads=False)
    parts = []
    for batch in table.to_batches():
        codes, values = batch["address"].indices.to_numpy(), batch["raw_entropy"].to_numpy()
        starts = np.concatenate(([0], np.flatnonzero(codes[1:] != codes[:-1]) + 1))
        parts.append(
            pa.table(
                {
                    "address": batch["address"].dictionary.take(pa.array(codes[starts])),
                    "total": np.add.reduceat(values, starts, dtype=np.float64),
                    "n": np.diff(starts, append=len(codes)),
                }
            )
        )
    return parts
