"""Documents made to hurt: small files that once took all memory, hours, or the program with them."""


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of them the catalogue."""
    out, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def pdf_page(content: bytes, resources: bytes = b"", *others: bytes) -> bytes:
    """A PDF of one page with this content; ``others`` are objects 5 and on."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 2000 2000]/Contents 4 0 R/Resources<<%s>>>>" % resources
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream(content), *others)


def form_bomb(depth: int) -> bytes:
    """Forms that each draw the next one ten times."""
    forms = []
    for number in range(5, 5 + depth):
        inner = b"/Resources<</XObject<</F %d 0 R>>>>" % (number + 1) if number < 4 + depth else b""
        drawn = b"/F Do " * 10 if inner else b"0 0 m 9 9 l S " * 10
        forms.append(stream(drawn, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]" + inner))
    return pdf_page(b"/F Do " * 10, b"/XObject<</F 5 0 R>>", *forms)


FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"


def frame_of_stubs(count: int) -> bytes:
    """A frame with short lines along its sides, which part nothing."""
    lines = [b"0.5 w 10 10 1900 1900 re S BT /F 10 Tf 100 100 Td (x) Tj ET"]
    for number in range(1, count):
        at = 10 + number * 1900 / count
        lines.append(b"%f 10 m %f 16 l S 10 %f m 16 %f l S" % (at, at, at, at))
    return pdf_page(b"\n".join(lines), FONT)
