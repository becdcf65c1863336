"""Pictures that people bring: from a file's bytes to the image that the network sees.

    decode      bytes -> grey picture, upright, transparency over white; limits are checked before anything is unpacked
    normalise   grey picture -> light strokes on black, centred, in the size of the network's images
    preview     grey picture -> the same, small enough to be shown

Refused with `ImageError`: files that are no picture, too large ones, and pictures with nothing on them.
"""
