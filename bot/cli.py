"""The command line `spotter`. Each command imports what it needs when it runs, so that `--help` is there at once."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads it at run time
from typing import Annotated, Any, Optional

import typer

app = typer.Typer(
    name="spotter",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "A coaching assistant for people who lift: it answers from documents with citations, shows exercise demos, and stops coaching "
        "when somebody should be seen by a clinician.\n\n"
        "[bold]Start here[/bold] (nothing to set up, no key, no network):\n\n"
        '  spotter ask "should I squeeze my glutes at the top of a deadlift?"\n\n'
        "  spotter chat\n\n"
        "  spotter demo rdl -o rdl.webp\n\n"
        "Settings are variables SPOTTER_..., listed in deploy/env.example; [bold]spotter doctor[/bold] checks them."
    ),
    epilog="Exit status: 0 done, 1 what was asked for failed, 2 bad usage.",
)
evaluations = typer.Typer(
    no_args_is_help=True,
    help="Measure the safety layer, retrieval or the answers on the questions that come with Spotter.",
)
benches = typer.Typer(no_args_is_help=True, help="Measure speed and quality on collections of your own.")
audits = typer.Typer(
    no_args_is_help=True, help="The audit trail of review cases: who did what when, hash-chained."
)
app.add_typer(evaluations, name="eval", rich_help_panel="Measure")
app.add_typer(benches, name="bench", rich_help_panel="Measure")
app.add_typer(audits, name="audit", rich_help_panel="Look after it")

JSONL = "One JSON object a line on standard input, one a line on standard output; each line is a person of its own."


class Split(StrEnum):
    """Halves of the committed questions."""

    tune = "tune"
    test = "test"
    all = "all"


@app.command(rich_help_panel="Ask")
def chat(
    person: Annotated[
        str, typer.Option(help="Keep the conversation under this name and go on with it next time.")
    ] = "",
) -> None:
    """Talk with Spotter in the terminal: one conversation, follow-ups understood. /help inside lists what else there is."""
    from bot.commands.chat import chat as run_chat

    run_chat(person)


@app.command(rich_help_panel="Ask")
def ask(
    text: Annotated[
        list[str] | None, typer.Argument(help="The question; quotes are not needed.", show_default=False)
    ] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help=JSONL)] = False,
    person: Annotated[
        str, typer.Option(help="Remember the conversation under this name; without it nothing carries over.")
    ] = "",
) -> None:
    """Answer one question, with citations, or refer. The index is built at the first call.

    Examples:
      spotter ask how many sets of jefferson curls

      spotter ask --person me "my foot tingles when I squat"

      echo '{"id": 1, "question": "what is a rack pull?"}' | spotter ask --jsonl

    With --jsonl a line is {"id", "question"} or {"id", "turns": [...]}; the answer is {"id", "tier", "action", "answer", "citations":
    [{"document", "title", "passage"}], "answered", "disagreement", "ms"}. [n] in the answer is the n-th citation.
    """
    from bot.commands.ask import ask as run_ask
    from bot.commands.ask import ask_lines

    if jsonl == bool(text):
        raise typer.BadParameter(
            'give a question, for example: spotter ask "how deep should I squat", or --jsonl'
        )
    if jsonl:
        ask_lines(person)
    else:
        run_ask(" ".join(text or ()), person)


@app.command(rich_help_panel="Safety")
def assess(
    text: Annotated[list[str] | None, typer.Argument(help="A message to assess.", show_default=False)] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help=JSONL)] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which words, which rule, which source.")
    ] = False,
) -> None:
    """Say what the safety layer makes of a message: tier, findings, rules. Nothing is kept.

    Examples:
      spotter assess --explain "no numbness but I can't feel it when I wipe"

      echo '{"id": 1, "text": "foot slaps when I walk"}' | spotter assess --jsonl

    With --jsonl a line is {"id", "text"} or {"id", "turns": [...]}; the answer is {"id", "tier", "nerve", "crisis", "clarify",
    "findings": [{"concept", "start", "end", "assertion"}], "ms"}.
    """
    from bot.commands.safety import assess_lines, assess_text

    if jsonl == bool(text):
        raise typer.BadParameter('give a message, for example: spotter assess "my foot is numb", or --jsonl')
    if jsonl:
        assess_lines()
    else:
        assess_text(" ".join(text or ()), explain=explain)


@app.command(rich_help_panel="Safety")
def guard(jsonl: Annotated[bool, typer.Option("--jsonl", help=JSONL)] = False) -> None:
    """Pass replies through the guard, whoever wrote them: {"id", "question", "reply"} -> {"id", "action", "reasons", "text"}.

    Example:
      echo '{"id": 1, "question": "my leg is numb", "reply": "Just stretch it."}' | spotter guard --jsonl
    """
    from bot.commands.safety import guard_lines

    if not jsonl:
        raise typer.BadParameter("the guard reads lines: spotter guard --jsonl")
    guard_lines()


@app.command(rich_help_panel="Ask")
def demo(
    name: Annotated[
        list[str], typer.Argument(help='An exercise as lifters call it: "rdl", "jefferson curl".')
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The picture to write: .webp, .gif or .png (a still).")
    ],
    fault: Annotated[bool, typer.Option("--fault", help="Show the common fault instead.")] = False,
) -> None:
    """Draw an exercise demo, for example: spotter demo rdl -o rdl.webp."""
    from bot.commands.demo import demo as run_demo

    run_demo(" ".join(name), output, fault=fault)


@app.command(rich_help_panel="Look after it")
def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders: Markdown, text, HTML, PDF.", show_default=False),
    ] = None,
    only: Annotated[
        bool,
        typer.Option(
            "--only", help="Forget paths indexed before; without paths: Spotter's own documents alone."
        ),
    ] = False,
    exercises: Annotated[
        Path | None,
        typer.Option(help="Import names and muscles from a JSON file like free-exercise-db's."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List every passage kept out, with the reason.")
    ] = False,
) -> None:
    """Index Spotter's own documents, and your files beside them, through the safety lint. Only what changed is embedded.

    Examples:
      spotter index                     everything again that is new or changed

      spotter index notes/ wiki.html    these as well, from now on

      spotter index --only              back to Spotter's own documents
    """
    from bot.commands.index import import_exercises
    from bot.commands.index import index as run_index

    if exercises is not None:
        import_exercises(exercises)
        if not paths and not only:
            return
    run_index(paths or [], only=only, verbose=verbose)


@app.command(rich_help_panel="Serve")
def run() -> None:
    """Run the Discord bot. Needs SPOTTER_DISCORD_TOKEN."""
    from importlib import import_module

    from bot.commands.settings import settings

    raise typer.Exit(import_module("bot.client").run(settings()) or 0)


@app.command(rich_help_panel="Serve")
def web(
    practice: Annotated[
        bool, typer.Option("--practice", help="A seeded practice queue on this machine, without Discord.")
    ] = False,
    port: Annotated[Optional[int], typer.Option(help="Port, in place of SPOTTER_WEB_PORT.")] = None,  # noqa: UP045
) -> None:
    """Run the moderators' console."""
    from importlib import import_module

    from bot.commands.settings import settings

    chosen = settings() if port is None else settings(web_port=port)
    import_module("bot.web").run(chosen, practice=practice)


@app.command(rich_help_panel="Look after it")
def doctor() -> None:
    """Check settings, folder, key, model, index, database and Discord, and say how to mend what is wrong."""
    from bot.commands.doctor import run_doctor

    raise typer.Exit(run_doctor())


@app.command(rich_help_panel="Look after it")
def migrate(
    to: Annotated[str, typer.Option(help="Revision to go to; an older one to roll a release back.")] = "head",
    reseal: Annotated[
        bool,
        typer.Option("--reseal", help="Encrypt everything anew under the first key of SPOTTER_SECRET_KEY."),
    ] = False,
) -> None:
    """Bring the database's schema up to date (SQLite does so by itself)."""
    from bot.commands.migrate import migrate as run_migrate

    run_migrate(to, reseal=reseal)


@app.command(hidden=True)
def tour(
    brief: Annotated[bool, typer.Option("--brief", help="End after the tour, also on a terminal.")] = False,
) -> None:
    """What `make try` shows: four questions and the review queue, then a chat."""
    from bot.tour import tour as run_tour

    run_tour(brief=brief)


@app.command(hidden=True)
def prepare() -> None:
    """Export the model and index the documents ahead of the first question (for images and `make try`)."""
    from bot.commands.index import prepare as run_prepare

    run_prepare()


@evaluations.command("answers")
def eval_answers(
    split: Annotated[Split, typer.Option(help="Which half of the questions.")] = Split.test,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    misses: Annotated[bool, typer.Option("--misses", help="List the questions that went wrong.")] = False,
    chat_model: Annotated[
        str,
        typer.Option(
            metavar="PROVIDER:MODEL",
            help="Measure the answers of this chat model instead, with the SPOTTER_CHAT_ settings; kept in the data folder, so that asking again costs nothing.",
        ),
    ] = "",
) -> None:
    """Facts found, documents cited, declines, disagreements, and the warm path's time against the model's bare forward pass.

    With --chat-model: facts, unsupported sentences, citations, declines, time and tokens of a chat model's answers.
    """
    if chat_model:
        from bot.commands.measure import chat_answers

        chat_answers(chat_model, split.value, as_json=as_json, misses=misses)
        return
    from bot.evaluation import run as run_evaluation

    run_evaluation(split.value, as_json=as_json, misses=misses)


@evaluations.command("safety", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def eval_safety(context: typer.Context) -> None:
    """Sensitivity, specificity and exact tiers of the safety layer, per concept and rule. Options: `spotter eval safety -- --help`."""
    from bot.commands.measure import safety_layer

    safety_layer(context.args)


@evaluations.command("retrieval", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def eval_retrieval(context: typer.Context) -> None:
    """Recall of the right document and the "not covered" score on the committed questions."""
    from bot.commands.measure import retrieval

    retrieval(context.args)


@benches.command("retrieval")
def bench_retrieval(
    directory: Annotated[
        Path, typer.Argument(help="A collection in BEIR form: corpus.jsonl[.gz], queries.jsonl, qrels.tsv.")
    ],
    run_file: Annotated[Path, typer.Option("--run-file", help="TREC run file to write.")],
) -> None:
    """Index and search a collection; prints one JSON line (nDCG@10, recall@10, MRR@10, seconds, documents a second, p50, p95, RSS)."""
    from bot.commands.measure import bench

    bench(directory, run_file)


@audits.command("verify")
def audit_verify() -> None:
    """Check the hash chain of every server's audit trail. Exit status 1 when a link was changed or is missing."""
    from bot.commands.audit import verify

    raise typer.Exit(verify())


_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises for bad usage; it exports this class under the names of its kinds only."""


def main() -> None:
    """Entry point: bad usage and known failures become one line on standard error; exit status 2 and 1."""
    try:
        sys.exit(app(prog_name="spotter", standalone_mode=False))
    except _UsageError as error:
        sys.exit(_bad_usage(error))
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; nothing more can be said
        sys.exit(1)
    except Exception as error:  # edge: the command line; anything unknown keeps its traceback
        from bot.commands.failure import explain

        line = explain(error)
        if line is None:
            raise
        sys.stderr.write(f"spotter: {line}\n")
        sys.exit(1)


def _bad_usage(error: Any) -> int:
    """Say what is wrong with the command line; without arguments the help has been printed already."""
    message = str(error.format_message()).removeprefix("Invalid value: ")
    if message:
        command = error.ctx.command_path if error.ctx is not None else "spotter"
        sys.stderr.write(
            f"{command}: {message[:1].lower()}{message[1:].rstrip('.')} (see {command} --help)\n"
        )
    return 2


if __name__ == "__main__":
    main()
