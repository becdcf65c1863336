"""Which steps lead from a picture to its digits: one switch a step, so that any of them can be left out.

The switches serve two questions: what each step is worth on a set of pictures, and what the network would have read in
this picture without it. Everything that is measured on a picture is in the modules that take the step.
"""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Preparation:
    """One switch a step, in the order in which the steps are taken; all are on by default."""

    level_light: bool = True
    use_colour: bool = True
    find_polarity: bool = True
    remove_edges: bool = True
    remove_lines: bool = True
    remove_specks: bool = True
    crop: bool = True
    join_pieces: bool = True
    split_touching: bool = True
    thicken: bool = True
    centre_mass: bool = True

    def without(self, step: str) -> "Preparation":
        """The same with one more step left out. Raises ValueError for a step that there is not."""
        if step not in REASONS:
            raise ValueError(f"step: expected one of {', '.join(REASONS)}, found {step!r}.")
        return replace(self, **{step: False})


REASONS = {
    "level_light": "Shadows and vignetting are divided out, so that paper is equally white everywhere.",
    "use_colour": "The mixture of red, green and blue is used in which ink and paper differ most.",
    "find_polarity": "Ink may be darker or lighter than what it lies on; the network knows light strokes on black.",
    "remove_edges": "Edges of the sheet, of the desk and of windows on a screen are no writing.",
    "remove_lines": "Ruled and squared lines and the printed boxes of forms are no writing.",
    "remove_specks": "Dust, paper grain and compression noise are no writing.",
    "crop": "Each digit is cut out, wherever it lies and however large it is.",
    "join_pieces": "A stroke that broke apart, such as the bar of a 5, belongs to its digit.",
    "split_touching": "Digits that touch each other are cut apart where both parts look more like digits.",
    "thicken": "Strokes so thin that they would all but vanish at MNIST's size are thickened.",
    "centre_mass": "The digit's centre of mass is put in the middle, as in MNIST.",
}
"""Why each step is there, by its switch, in the order in which the steps are taken."""

assert tuple(REASONS) == tuple(field.name for field in fields(Preparation))

WHOLE = Preparation()
"""Every step is taken."""
