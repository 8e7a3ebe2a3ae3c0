"""Cleaning a picture of a page before OCR: turn, crop, straighten, enlarge, level the light.

Imported in the reading child process only. Measured on photos of pages: the steps pay together.
"""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

Grey = NDArray[np.uint8]

SHORT_SIDE = 1_700
"""Where no letters can be measured, a page is made so large."""
MOST_PIXELS = 9_000_000
LETTERS = 28
"""Height of a line of print in pixels that Tesseract reads best: larger is only slower."""
LARGE_LETTERS = 44
"""For a second look: what was lost between lines at one size is often found at another."""
_WHITE = 246
"""Paper as bright as this nearly everywhere needs no levelling."""
_SCREEN = 1_240
_LARGEST_SHORT_SIDE = 2_200
_STRIPS = 24
_LOOK = 400
"""Long side of the small copy in which the edges of the paper are looked for."""


class Unreadable(Exception):
    """The bytes do not decode to a picture."""


def loaded(content: bytes, *, most_pixels: int) -> Image.Image:
    """The picture in grey, the way up that the camera says, at most `MOST_PIXELS` large."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    try:
        image = _decoded(content)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable from error
    return ImageOps.exif_transpose(image)


def cleaned(image: Image.Image, *, letters: int = LETTERS) -> tuple[Image.Image, Image.Image]:
    """(picture for OCR, picture to show): both of the same geometry, print `letters` high."""
    # Turned before it is enlarged: half the points to turn.
    page = enlarged(deskewed(straightened(image)), letters=letters)
    return flattened(page), page


def straightened(image: Image.Image) -> Image.Image:
    """Cut to the sheet of paper and made rectangular, where four clear edges are found."""
    corners = _paper(image)
    if corners is None:
        return image
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    width = round(max(math.hypot(bx - ax, by - ay), math.hypot(cx - dx, cy - dy)))
    height = round(max(math.hypot(dx - ax, dy - ay), math.hypot(cx - bx, cy - by)))
    target = [(0, 0), (width, 0), (width, height), (0, height)]
    return image.transform(
        (width, height),
        Image.Transform.PERSPECTIVE,
        _perspective(target, corners),
        Image.Resampling.BICUBIC,
        fillcolor=255,
    )


def enlarged(image: Image.Image, *, letters: int = LETTERS) -> Image.Image:
    """At the size at which print stands about `letters` high, never above `MOST_PIXELS`."""
    width, height = image.size
    measured = letter_height(image)
    scale = letters / measured if measured else max(1.0, SHORT_SIDE / min(width, height))
    if 0.85 < scale < 1.2:
        return image
    # Print in dots measures too low, so the page is not made larger than any page needs.
    scale = min(scale, max(1.0, _LARGEST_SHORT_SIDE / min(width, height)), 6.0)
    scale = min(scale, math.sqrt(MOST_PIXELS / (width * height)))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if scale > 1:
        return image.resize(size, Image.Resampling.BICUBIC)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)


def letter_height(image: Image.Image) -> float:
    """The usual height of a line of print in pixels, by ink in narrow upright strips; 0 if none.

    Strips, since a line that leans by some degrees is still level within one.
    """
    scale = min(1.0, 800 / min(image.size))
    small = image if scale > 0.75 else _smaller(image, round(max(image.size) * scale))
    ink = np.asarray(flattened(small)) < 160
    rows, wide = ink.shape[0], ink.shape[1] // _STRIPS
    if wide < 4:
        return 0.0
    counts = ink[:, : wide * _STRIPS].reshape(rows, _STRIPS, wide).sum(axis=2)
    rim = np.zeros((1, _STRIPS), dtype=bool)
    inked = np.concatenate([rim, counts >= max(1, round(0.03 * wide)), rim])
    turns = np.diff(inked.astype(np.int8), axis=0)
    # By columns, so that the n-th start belongs to the n-th end.
    strip, start = np.nonzero(turns.T == 1)
    _, end = np.nonzero(turns.T == -1)
    total = np.concatenate([np.zeros((1, _STRIPS), dtype=np.int64), np.cumsum(counts, axis=0)])
    heights = end - start
    weights = (total[end, strip] - total[start, strip]) / np.maximum(heights, 1)
    # Neither specks and rules nor pictures and black bars.
    print_like = (heights >= 5) & (heights <= 100) & (weights > 0.04 * wide)
    print_like &= weights < 0.6 * wide
    if np.count_nonzero(print_like) < 8:
        return 0.0
    heights, weights = heights[print_like], weights[print_like]
    order = np.argsort(heights, kind="stable")
    reached = np.cumsum(weights[order])
    middle = heights[order][np.searchsorted(reached, reached[-1] / 2)]
    return float(middle) * image.height / small.height


def flattened(image: Image.Image) -> Image.Image:
    """Even light: each point divided by the brightness of the paper around it."""
    # The brightest in the neighbourhood is paper, then smoothed so that no edge is left.
    paper = image.reduce(16).filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(3))
    if np.percentile(np.asarray(paper), 4) >= _WHITE:
        return image
    ground = np.asarray(paper.resize(image.size, Image.Resampling.BILINEAR))
    level = np.asarray(image)
    out = np.empty_like(level)
    # Band by band: a page of nine megapixels in floats would take 70 MB at once.
    for top in range(0, len(level), 128):
        band = slice(top, top + 128)
        even = np.maximum(ground[band], 40).astype(np.float32)
        np.divide(level[band], even, out=even)
        np.multiply(even, 255, out=even)
        out[band] = np.minimum(even, 255)
    return Image.fromarray(out)


def deskewed(image: Image.Image) -> Image.Image:
    """Turned so that lines of text run level, when they lean by up to five degrees."""
    angle = skew(image)
    if abs(angle) < 0.08:
        return image
    return image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=_edge_brightness(image))


def skew(image: Image.Image) -> float:
    """Degrees to turn against the clock: the angle at which ink falls into the sharpest rows."""
    small = flattened(_smaller(image, 1_000))
    rows, columns = np.nonzero(np.asarray(small) < 128)
    if len(rows) < 200 or len(rows) > 0.4 * small.width * small.height:
        return 0.0
    if len(rows) > 60_000:
        step = len(rows) // 60_000 + 1
        rows, columns = rows[::step], columns[::step]
    across = columns - small.width / 2

    def sharpness(angle: float) -> float:
        turned = rows + across * math.tan(math.radians(-angle))
        counts = np.bincount((turned - turned.min()).astype(np.int64))
        return float(np.sum(np.diff(counts.astype(np.float64)) ** 2))

    best = max((step * 0.5 for step in range(-10, 11)), key=sharpness)
    best = max((best + step * 0.1 for step in range(-4, 5)), key=sharpness)
    level = sharpness(0.0)
    return best if sharpness(best) > 1.05 * level else 0.0


def has_ink(image: Image.Image) -> bool:
    """False for a blank page."""
    small = np.asarray(image)[::3, ::3]
    return bool(int(small.max()) - int(small.min()) > 40)


def for_screen(image: Image.Image) -> Image.Image:
    """The page as large as a screen shows it."""
    return _smaller(image, _SCREEN)


def preview(image: Image.Image) -> bytes:
    """JPEG of the page for the screen: an eighth of the time WebP takes, for a third more bytes."""
    out = io.BytesIO()
    shown = for_screen(image)
    if shown.mode not in ("L", "RGB"):
        shown = shown.convert("RGB")
    shown.save(out, "JPEG", quality=70)
    return out.getvalue()


def _decoded(content: bytes) -> Image.Image:
    if content[4:8] == b"ftyp":
        from pillow_heif import register_heif_opener

        register_heif_opener()
    image = Image.open(io.BytesIO(content))
    # JPEG can be decoded at a half or a quarter, which saves most of its memory.
    scale = math.sqrt(MOST_PIXELS / max(image.width * image.height, 1))
    if scale < 1:
        image.draft("L", (round(image.width * scale), round(image.height * scale)))
    grey = _on_white(image)
    if grey.width * grey.height > MOST_PIXELS:
        scale = math.sqrt(MOST_PIXELS / (grey.width * grey.height))
        grey = grey.resize((round(grey.width * scale), round(grey.height * scale)), reducing_gap=2)
    grey.info = image.info
    exif = image.getexif()
    if exif:
        grey.info["exif"] = exif.tobytes()
    return grey


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        full = image.convert("RGBA")
        ground = Image.new("RGBA", full.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, full).convert("L")
    return image.convert("L")


def _fitted(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    scale = min(1.0, long_side / max(size))
    return (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))


def _smaller(image: Image.Image, long_side: int) -> Image.Image:
    size = _fitted(image.size, long_side)
    return image if size == image.size else image.resize(size, reducing_gap=1.5)


def _edge_brightness(image: Image.Image) -> int:
    small = np.asarray(image.resize((64, 64)))
    return int(np.median(np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])))


def _paper(image: Image.Image) -> list[tuple[float, float]] | None:
    """The four corners of a bright sheet on a darker ground, clockwise from the top left."""
    small = _smaller(image, _LOOK)
    grey = np.asarray(small.filter(ImageFilter.MedianFilter(5)))
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if grey.min() == grey.max():
        return None
    level = _split(grey)
    if (rim > level).mean() > 0.6:
        return None
    bright = grey > level
    edges = _edges(bright)
    if edges is None:
        return None
    left, right, top, bottom = edges
    corners = [_cross(left, top), _cross(right, top), _cross(right, bottom), _cross(left, bottom)]
    if not _is_sheet(corners, bright):
        return None
    scale_x, scale_y = image.width / small.width, image.height / small.height
    return [(x * scale_x, y * scale_y) for x, y in corners]


def _split(grey: Grey) -> int:
    """Otsu's level between dark ground and bright paper."""
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)
    sums = np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (sums[-1] * below / below[-1] - sums) ** 2 / (below * above)
    return int(np.nanargmax(apart))


Line = tuple[float, float]
"""Slope and offset: x = slope * y + offset for the sides, y = slope * x + offset for the rest."""


def _edges(bright: NDArray[np.bool_]) -> tuple[Line, Line, Line, Line] | None:
    height, width = bright.shape
    rows = np.nonzero(bright.sum(axis=1) > 0.1 * width)[0]
    columns = np.nonzero(bright.sum(axis=0) > 0.25 * height)[0]
    if len(rows) < 0.3 * height or len(columns) < 0.1 * width:
        return None
    lines = (
        _line(rows, bright[rows].argmax(axis=1)),
        _line(rows, width - 1 - bright[rows, ::-1].argmax(axis=1)),
        _line(columns, bright[:, columns].argmax(axis=0)),
        _line(columns, height - 1 - bright[::-1, columns].argmax(axis=0)),
    )
    left, right, top, bottom = lines
    if left is None or right is None or top is None or bottom is None:
        return None
    return left, right, top, bottom


def _line(along: NDArray[np.int64], across: NDArray[np.int64]) -> Line | None:
    """A straight line through most of the points, or None when they do not lie on one."""
    keep = slice(len(along) // 10, len(along) - len(along) // 10)
    along, across = along[keep], across[keep]
    if len(along) < 8:
        return None
    near = np.ones(len(along), dtype=bool)
    slope, offset = 0.0, float(np.median(across))
    for reach in (12.0, 6.0, 3.0):
        fit = np.polyfit(along[near], across[near], 1)
        slope, offset = float(fit[0]), float(fit[1])
        near = np.abs(slope * along + offset - across) < reach
        if near.mean() < 0.5:
            return None
    return (slope, offset) if abs(slope) < 0.35 else None


def _cross(side: Line, level: Line) -> tuple[float, float]:
    x = (side[0] * level[1] + side[1]) / (1 - side[0] * level[0])
    return (x, level[0] * x + level[1])


def _is_sheet(corners: list[tuple[float, float]], bright: NDArray[np.bool_]) -> bool:
    height, width = bright.shape
    if any(not (-3 <= x <= width + 3 and -3 <= y <= height + 3) for x, y in corners):
        return False
    area = 0.0
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        area += ax * by - bx * ay
    area = abs(area) / 2
    # A till receipt fills a tenth of the photo it lies on; nothing else there may be as bright.
    return area > 0.1 * width * height and float(bright.sum()) < 1.15 * area


def _perspective(
    target: list[tuple[int, int]], source: list[tuple[float, float]]
) -> tuple[float, ...]:
    """The eight numbers of the projection from the upright page back to the photo."""
    rows, sides = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        sides += [u, v]
    solved = np.linalg.solve(np.array(rows, dtype=np.float64), np.array(sides, dtype=np.float64))
    return tuple(float(one) for one in solved)
