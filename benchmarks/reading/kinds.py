"""The named kinds of synthetic pictures: each says what is written on, with what, where, and how it is photographed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.reading.camera import SCREEN, Camera
from benchmarks.reading.layout import Layout
from benchmarks.reading.pens import Colour, Pen
from benchmarks.reading.surfaces import DARK_LINES, Surface

BLACK: tuple[Colour, ...] = ((25, 25, 30), (40, 40, 44), (15, 15, 22))
INKS: tuple[Colour, ...] = ((28, 45, 140), (20, 60, 170), (190, 30, 45), (20, 110, 70), (95, 40, 130))
BLUE: tuple[Colour, ...] = ((28, 45, 140), (35, 60, 165), (45, 50, 120))
TINTED: tuple[Colour, ...] = ((250, 232, 120), (250, 190, 205), (180, 220, 245), (190, 235, 190), (215, 190, 150))


@dataclass(frozen=True)
class Kind:
    """One kind of picture: a name for tables, a line for people, and the four parts that make it."""

    name: str
    description: str
    surface: Surface = field(default_factory=Surface)
    pen: Pen = field(default_factory=lambda: Pen(BLACK, (0.05, 0.12)))
    layout: Layout = field(default_factory=Layout)
    camera: Camera = field(default_factory=Camera)


BALLPOINT = Pen(BLACK + BLUE, (0.035, 0.075), opacity=(0.75, 0.95), grain=0.2)
FELT = Pen(BLACK + INKS, (0.13, 0.2), opacity=(0.85, 1.0), grain=0.06)
PHOTO = Camera(shadow=(-0.35, 0.4), gradient=(0.05, 0.35), vignette=(0.0, 0.25), exposure=(0.7, 1.0))
SMALL = Camera((28, 48), 0, 0, (0, 0), (0, 0), (0, 0), (1, 1), 0, (0, 0), (0, 0), (0, 0), None)
FEW = Layout(digits=(3, 6), height=(0.14, 0.3), place="anywhere")
FORM = Layout((1, 1), (1, 5), (0.2, 0.4), (0.7, 0.9), uneven=0.03)

KINDS: tuple[Kind, ...] = (
    Kind("paper", "one digit, felt or ballpoint, white paper, even light", pen=Pen(BLACK, (0.06, 0.15))),
    Kind("natural", "one digit, its own stroke width kept, white paper", pen=Pen(BLACK)),
    Kind(
        "shadow",
        "one digit, a hard or soft shadow across, uneven light",
        camera=Camera(shadow=(0.35, 0.65), gradient=(0.2, 0.5), vignette=(0.1, 0.4), cast=0.05),
    ),
    Kind(
        "ruled",
        "one digit on ruled paper",
        Surface(pattern="ruled"),
        BALLPOINT,
        Layout(height=(0.1, 0.3), place="anywhere"),
        PHOTO,
    ),
    Kind(
        "squared",
        "one digit on squared paper",
        Surface(pattern="squared"),
        BALLPOINT,
        Layout(height=(0.1, 0.3), place="anywhere"),
        PHOTO,
    ),
    Kind(
        "dotted",
        "one digit on dotted paper",
        Surface(pattern="dotted"),
        BALLPOINT,
        Layout(height=(0.1, 0.3), place="anywhere"),
        PHOTO,
    ),
    Kind(
        "blue ink",
        "one digit in blue ballpoint on white paper",
        pen=Pen(BLUE, (0.035, 0.08), opacity=(0.7, 0.95), grain=0.2),
        camera=PHOTO,
    ),
    Kind(
        "coloured",
        "one digit in coloured ink on coloured paper",
        Surface(TINTED),
        Pen(BLACK + INKS, (0.06, 0.15)),
        camera=PHOTO,
    ),
    Kind(
        "pencil",
        "one digit in pencil",
        pen=Pen(((90, 90, 95), (70, 70, 76)), (0.04, 0.09), opacity=(0.45, 0.75), grain=0.45),
        camera=PHOTO,
    ),
    Kind(
        "thin",
        "one digit with a very thin pen",
        pen=Pen(BLACK + BLUE, (0.012, 0.03), opacity=(0.7, 0.95), grain=0.2),
        camera=PHOTO,
    ),
    Kind("felt", "one digit with a thick felt pen", pen=Pen(BLACK + INKS, (0.16, 0.23), grain=0.05), camera=PHOTO),
    Kind(
        "desk",
        "a piece of paper on a desk, its edges seen",
        pen=FELT,
        layout=Layout(height=(0.3, 0.55)),
        camera=Camera(turn=10, tilt=0.05, desk=True, shadow=(-0.3, 0.3), gradient=(0.05, 0.3)),
    ),
    Kind(
        "turned",
        "one digit, the telephone held askew",
        layout=Layout(height=(0.3, 0.5)),
        camera=Camera(turn=20, tilt=0.1, shadow=(-0.25, 0.3), gradient=(0, 0.3)),
    ),
    Kind(
        "dim",
        "a dark, noisy, blurred and hard compressed photo",
        camera=Camera(
            (300, 480),
            exposure=(0.3, 0.6),
            blur=(0.8, 1.8),
            shake=(0, 4),
            noise=(5, 11),
            jpeg=(25, 55),
            gradient=(0.1, 0.4),
            vignette=(0.1, 0.4),
        ),
    ),
    Kind(
        "off centre",
        "one smaller digit anywhere on the paper",
        layout=Layout(height=(0.15, 0.3), place="anywhere"),
        camera=PHOTO,
    ),
    Kind(
        "tiny",
        "one digit, a twentieth of the picture's height",
        pen=Pen(BLACK + BLUE, (0.08, 0.14)),
        layout=Layout(height=(0.045, 0.09), place="anywhere"),
        camera=PHOTO,
    ),
    Kind("huge", "one digit that fills the picture", pen=Pen(BLACK, (0.06, 0.18)), layout=Layout(height=(0.9, 0.98))),
    Kind(
        "cut",
        "one large digit, a tenth of it at most outside the picture",
        pen=Pen(BLACK, (0.06, 0.18)),
        layout=Layout(height=(0.6, 0.9), place="cut"),
    ),
    Kind("crumpled", "one digit on crumpled paper", Surface(folds=1.0), FELT, camera=PHOTO),
    Kind(
        "framed",
        "digits in the printed boxes of a form",
        Surface(pattern="framed"),
        Pen(BLACK + BLUE, (0.05, 0.11), grain=0.15),
        FORM,
        PHOTO,
    ),
    Kind(
        "chalk",
        "one digit in chalk on a blackboard",
        Surface(((38, 66, 54), (42, 44, 46), (30, 52, 70)), 6, 2, wiped=14),
        Pen(((235, 235, 228), (240, 225, 150)), (0.07, 0.14), opacity=(0.75, 0.95), grain=0.4, light=True),
        camera=PHOTO,
    ),
    Kind(
        "whiteboard",
        "one digit on a whiteboard, with lamps mirrored in it",
        Surface(((238, 241, 244),), 4, 0.4, wiped=3),
        Pen(BLACK + INKS, (0.07, 0.13), opacity=(0.8, 0.98)),
        camera=Camera(gradient=(0.1, 0.4), vignette=(0, 0.3), turn=6, tilt=0.06, glare=True),
    ),
    Kind(
        "phone",
        "one digit as a telephone stores it, 8 megapixels",
        pen=Pen(BLACK + BLUE, (0.05, 0.12)),
        layout=Layout(height=(0.1, 0.4)),
        camera=Camera(
            (3264, 3264), 5, 0.03, (-0.4, 0.4), (0.1, 0.35), (0, 0.25), (0.7, 1), 0.03, (1, 2), (0, 0), (3, 6), (85, 95)
        ),
    ),
    Kind(
        "app dark",
        "drawn in a program, light on black",
        Surface(((0, 0, 0), (18, 18, 20), (30, 32, 48)), 0, 0),
        Pen(
            ((255, 255, 255), (230, 230, 90), (120, 220, 255)),
            (0.04, 0.2),
            opacity=(1, 1),
            grain=0,
            light=True,
            aliased=0.4,
        ),
        Layout(height=(0.3, 0.8), place="anywhere"),
        SCREEN,
    ),
    Kind(
        "app light",
        "drawn in a program, dark on white",
        Surface(((255, 255, 255),), 0, 0),
        Pen(((0, 0, 0), (20, 60, 220), (220, 30, 40)), (0.03, 0.2), opacity=(1, 1), grain=0, light=True, aliased=0.4),
        Layout(height=(0.3, 0.8), place="anywhere"),
        SCREEN,
    ),
    Kind(
        "screenshot",
        "the window of a drawing program with what was drawn in it",
        Surface(((255, 255, 255), (0, 0, 0)), 0, 0, "canvas"),
        Pen(((128, 128, 128),), (0.04, 0.15), opacity=(1, 1), grain=0, light=True, aliased=0.3),
        Layout(height=(0.3, 0.6), place="anywhere"),
        SCREEN,
    ),
    Kind(
        "small",
        "28 to 48 pixels, strokes of 1 to 3 pixels, dark on white",
        Surface(((255, 255, 255),), 0, 0),
        Pen(((0, 0, 0),), pixels=(1, 3), opacity=(1, 1), grain=0, light=True, aliased=0.6),
        Layout(height=(0.55, 0.9), place="anywhere"),
        SMALL,
    ),
    Kind(
        "small dark",
        "28 to 48 pixels, strokes of 1 to 3 pixels, light on black",
        Surface(((0, 0, 0),), 0, 0),
        Pen(((255, 255, 255),), pixels=(1, 3), opacity=(1, 1), grain=0, light=True, aliased=0.6),
        Layout(height=(0.55, 0.9), place="anywhere"),
        SMALL,
    ),
    Kind(
        "scan",
        "16 to 24 pixels, grey, with noise",
        Surface(clouds=2, grain=2),
        Pen(BLACK, (0.1, 0.2), grain=0.05),
        Layout(height=(0.8, 0.95)),
        Camera((16, 24), 0, 0, (0, 0), (0, 0.1), (0, 0), (0.85, 1), 0, (0.3, 0.6), (0, 0), (1, 5), None),
    ),
    Kind(
        "row",
        "three to six digits in a row, well apart",
        pen=Pen(BLACK + BLUE, (0.06, 0.13), grain=0.1),
        layout=FEW,
        camera=PHOTO,
    ),
    Kind(
        "row near",
        "three to six digits that nearly touch",
        pen=Pen(BLACK + BLUE, (0.06, 0.13), grain=0.1),
        layout=Layout(digits=(3, 6), height=(0.14, 0.3), gap=(0.05, 0.12)),
        camera=PHOTO,
    ),
    Kind(
        "row touching",
        "two to four digits that touch",
        pen=Pen(BLACK + BLUE, (0.06, 0.13), grain=0.1),
        layout=Layout(digits=(2, 4), height=(0.18, 0.35), gap=(-0.06, -0.015)),
        camera=PHOTO,
    ),
    Kind("row ruled", "three to six digits on ruled paper", Surface(pattern="ruled"), BALLPOINT, FEW, PHOTO),
    Kind(
        "row on lines",
        "two to five digits on the grey to black lines of a printed form, cut out closely",
        Surface(pattern="ruled", lines=DARK_LINES),
        Pen(BLACK + BLUE, (0.05, 0.13), opacity=(0.75, 0.95), grain=0.2),
        Layout(digits=(2, 5), height=(0.35, 0.6), gap=(0.05, 0.3)),
        PHOTO,
    ),
    Kind("row squared", "three to six digits on squared paper", Surface(pattern="squared"), BALLPOINT, FEW, PHOTO),
    Kind(
        "row app",
        "two to five digits drawn in a program",
        Surface(((255, 255, 255), (250, 250, 252)), 0, 0),
        Pen(((0, 0, 0), (20, 60, 220)), (0.06, 0.15), opacity=(1, 1), grain=0, light=True, aliased=0.4),
        Layout(digits=(2, 5), height=(0.25, 0.5), gap=(0.1, 0.5)),
        SCREEN,
    ),
    Kind(
        "lines",
        "two to four lines of two to five digits",
        pen=Pen(BLACK + BLUE, (0.06, 0.13), grain=0.1),
        layout=Layout((2, 4), (2, 5), (0.1, 0.16), (0.2, 0.5)),
        camera=PHOTO,
    ),
    Kind(
        "note",
        "two lines on a sticky note on a desk",
        Surface(TINTED),
        FELT,
        Layout((2, 2), (2, 3), (0.15, 0.2), (0.2, 0.5)),
        Camera(turn=12, tilt=0.05, desk=True, shadow=(-0.3, 0.3)),
    ),
)


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises ValueError with the names there are."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise ValueError(f"kind: expected one of {', '.join(kind_names())}, found {name!r}")


def kind_names() -> Iterator[str]:
    """The names of all kinds, in the order of the tables."""
    return (kind.name for kind in KINDS)
