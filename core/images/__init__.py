"""Pictures that people bring: from a file's bytes to the images of digits that the network sees.

    decode       bytes -> colour picture, upright; limits are checked before anything is unpacked
    preparation  which steps are taken on the way, each with its reason
    digits       colour picture -> the digits on it in reading order, each with its box; the way in from outside
      ink          -> how much ink there is where: sheet, light, colour, polarity, ruled lines
        sheet        the sheet of paper on a picture that also shows a desk
        outlines     a first look at sharp outlines: which side of them is ink
        light        what the paper alone would look like
        lines        ruled and squared paper and the boxes of forms taken away
          frames       the boxes of forms
          runs         long thin runs of ink, and how they are subtracted
      segment      -> one glyph a digit: pieces joined, specks left out, touching digits cut apart
        pieces       connected strokes, and which are writing
        touching     where digits that touch are cut
        judge        the network's opinion on glyphs
      normalise    -> light strokes on black, fitted and centred as MNIST's
    single       colour picture -> the one object on it, for networks that read no digits
    steps        what happened on the way, as small pictures
    preview      pictures small enough to be shown

Refused with `ImageError`: files that are no picture, too large ones, and pictures with nothing on them.
"""
