import pytest

from core.images.preparation import REASONS, WHOLE


def test_every_step_has_a_reason_and_can_be_left_out() -> None:
    for step, reason in REASONS.items():
        assert reason.endswith(".")
        assert getattr(WHOLE, step) is True
        assert getattr(WHOLE.without(step), step) is False


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^step: expected one of level_light, .*, found 'iron'"):
        WHOLE.without("iron")
