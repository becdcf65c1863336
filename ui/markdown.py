"""Text that people wrote, such as names of runs and files, where Streamlit expects Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!~$<>|:&])")


def plain(text: str) -> str:
    """The text with everything escaped that would be taken for markup."""
    return _SPECIAL.sub(r"\\\1", text)
