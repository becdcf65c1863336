"""`python -m core`: the command line."""

import io
import sys

from core.cli import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Unicode shows a question mark instead of stopping the program.
            stream.reconfigure(errors="replace")
    sys.exit(main())
