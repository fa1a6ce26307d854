"""The console script: words in, an exit code out."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from types import TracebackType

from reporter.errors import EXIT_BAD_INPUT, EXIT_OUR_BUG, Refusal

INTERRUPTED = 130


def main() -> None:
    """Run the command line; exit codes: 0 fine, 1 the report says no, 2 bad input, 3 a bug of ours."""
    sys.excepthook = _our_bug
    # Our matrices are small: threads would wait for one another, and cores would show in the last digit.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # a short process: little dies in cycles, and looking for it takes a tenth of the time
    code = run(sys.argv[1:], own_process=True)
    gc.freeze()  # or Python would look through all of it once more before it lets it go: a third of a second
    sys.exit(code)


def run(words: list[str], *, own_process: bool = False) -> int:
    """Run one command and return its exit code; a command with a process of its own may start another."""
    import click

    from reporter.cli import cli

    try:
        code = cli.main(args=words, prog_name="report", standalone_mode=False, obj=own_process)
    except Refusal as refusal:
        paragraph = " ".join(str(refusal).splitlines())  # names and cells of the user may hold line ends
        click.echo(f"report: {paragraph}", err=True)
        return refusal.exit_code
    except click.ClickException as usage:
        usage.show()
        return EXIT_BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        click.echo("report: interrupted.", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _our_bug(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """Say that what happened is our fault, and end with the code that says so."""
    traceback.print_exception(kind, error, where)
    words = "this is a bug in entropy-reporter, not in your study. Please report it with the lines above."
    sys.stderr.write(f"report: {words}\n")
    sys.stderr.flush()
    os._exit(EXIT_OUR_BUG)  # an exception hook cannot choose the exit code in any other way


if __name__ == "__main__":
    main()
