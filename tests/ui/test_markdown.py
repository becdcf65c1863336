import pytest

from ui.markdown import plain


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("first try", "first try"),
        ("*b* _i_ `c` $x$", r"\*b\* \_i\_ \`c\` \$x\$"),
        ("[a](b) :red[c] <d> 1. #", r"\[a\]\(b\) \:red\[c\] \<d\> 1\. \#"),
        ("\\", "\\\\"),
    ],
)
def test_markup_in_names_is_shown_as_it_was_written(text: str, escaped: str) -> None:
    assert plain(text) == escaped
