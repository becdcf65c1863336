"""Another value for any setting, for tests of what a change of it changes."""

from typing import Any

from core.recipe import Setting


def other_value(setting: Setting) -> Any:
    """A value in range that differs from the setting's."""
    if setting.kind is tuple:
        return ((8,), (16,))
    if setting.choices:
        return next(choice for choice in setting.choices if choice != setting.value)
    if setting.value is None:
        return int(setting.low) + 1
    return setting.low if setting.value != setting.low else setting.high
