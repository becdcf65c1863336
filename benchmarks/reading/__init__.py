"""How well pictures of digits are read: synthetic paper, development sets, measurements and their tables.

    glyphs       a digit (image, drawn strokes or font) -> a shape that any pen can draw at any size
    strokes      digits as people draw them and MNIST hardly has: barred 7, slashed 0, open 4 ...
    surfaces     paper, boards and screens, with what is printed on them
    layout       where digits stand: one, a line, several lines
    camera       from the sheet to a photograph: desk, view, light, blur, noise, JPEG
    kinds        the named kinds of synthetic pictures
    sheets       kind + digits + seed -> picture and truth
    shapes       pictures of what is no digit
    sets         all development sets by name
    measure      readings beside the truth -> counts, and what follows from them

`python -m benchmarks.reading --run RUN` measures and writes the tables of docs/reading.md. Nothing here is used by the
application.
"""
