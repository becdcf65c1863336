"""A choice of one class: a button each, in rows of one length, large enough for a finger where fingers press them."""

from collections.abc import Sequence

from ui.component import component


def show(names: Sequence[str], chosen: int | None, *, key: str, label: str) -> int | None:
    """One button a class; returns the class that was just pressed, else None.

    chosen: the one that is marked. label: stands above.
    """
    event = component("class_choice")(
        key=key,
        data={"names": list(names), "chosen": chosen, "label": label},
        on_picked_change=lambda: None,
    )
    picked: int | None = event["picked"]
    return picked
