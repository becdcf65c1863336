"""The command line: `python -m core COMMAND`. Results go to stdout, progress and problems to stderr.

It refuses bad input with one line on stderr and the exit code 2. The other codes: 0 all went well, 1 not all did
(each command's help says when), 130 stopped by Ctrl-C. TensorFlow is loaded only by the commands that need a network.
"""

import os
import sys
from collections.abc import Sequence

from core.cli import datasets, evaluate, export, predict, reference, runs, show, sweep, train
from core.cli.arguments import Parser
from core.cli.screen import Screen
from core.errors import DigitLabError
from core.settings import from_environment

BAD_INPUT, INTERRUPTED = 2, 130

_COMMANDS = (train, sweep, evaluate, runs, show, datasets, predict, export, reference)

_EPILOG = """\
examples:
  python -m core train                 minutes, once; then the result
  python -m core train --preset paper --set phase1.epochs=20
  python -m core sweep --axis dense_units --values 32,64,128 --seeds 0,1,2
  python -m core predict digit.png     what the newest run reads in a picture

Data and runs are kept in $DIGITLAB_HOME (now %s).
Exit codes: 0 all went well, 1 not all did, 2 bad input, 130 stopped by Ctrl-C.
`python -m core COMMAND --help` explains a command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. arguments: the words after `python -m core`; None: those of this process.

    Returns the exit code; raises only what is a mistake of the program itself.
    """
    screen, interrupted = Screen(), "Interrupted."
    try:
        settings = from_environment()
        options = _parser(str(settings.home)).parse_args(arguments)
        screen = Screen(as_json=options.json)
        if options.resumable:
            interrupted = "Interrupted. Finished epochs are kept; the same command resumes after them."
        code: int = options.run(options, screen, settings)
        sys.stdout.flush()
        return code
    except DigitLabError as error:
        screen.problem(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:
        screen.problem(interrupted, label="")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read stdout, `head` perhaps, has seen enough; Python must not try to write there again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        screen.problem(f"{error.filename}: {error.strerror}." if error.filename else f"{error}.")
        return 1
    except SystemExit as stop:  # argparse has shown a help text
        return int(stop.code or 0)


def _parser(home: str) -> Parser:
    parser = Parser(
        prog="python -m core",
        usage="python -m core COMMAND [options]",
        description="Digit Lab trains the paper's autoencoder and classifier and keeps every run.",
        epilog=_EPILOG % home,
    )
    commands = parser.add_subparsers(
        title="commands", prog=parser.prog, dest="command", metavar="COMMAND", required=True
    )
    for command in _COMMANDS:
        made = command.add_to(commands)
        made.add_argument("--json", action="store_true", help="print the result as one JSON object, for machines")
    return parser
