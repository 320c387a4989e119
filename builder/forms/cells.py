"""What can stand in a cell of an indicator table: the types of its columns."""

from functools import partial

from builder.forms.table import Fits
from builder.settings.vocabulary import Tokens
from builder.text import fold, is_number

REQUIRED = ("name", "comparison", "target", "weight")
LEVELS = ("level1", "level2")


def fits(field: str, text: str, in_place: bool = False, *, tokens: Tokens) -> bool:
    """Whether the text can stand in a column of this field. Under its own heading a level may bear any name."""
    key = fold(text)
    match field:
        case "comparison":
            return key in tokens.comparison
        case "ordinal":
            return is_number(text)
        case "weight":
            return is_number(key.removesuffix("%").removesuffix("分"))
        case "is_core":
            return key in tokens.yes_no
        case "level1" | "level2":
            return not is_number(text) if in_place else key in getattr(tokens, field)
        case "unit":
            return not is_number(text) and key not in tokens.comparison and key not in tokens.yes_no
        case "name":
            # A level says what kind of promises follow; it is none itself. 服务对象满意度 is, 满意度指标 is not.
            level = key.endswith("指标") and (key in tokens.level1 or key in tokens.level2)
            return not (level or is_number(text) or key in tokens.comparison or key in tokens.yes_no)
        case _:
            return True


def types(tokens: Tokens) -> Fits:
    """``fits`` as a table asks it."""
    return partial(fits, tokens=tokens)
