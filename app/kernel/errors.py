"""The four ways to say no, and the one way to say that we are broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One complaint about one input: which field, a sentence, a stable code."""

    field: str
    message: str
    code: str


class Refusal(Exception):
    """A request that cannot be carried out, with a sentence for a person and a stable code.

    Subclasses are named for the fact that stands in the way (``CustomerAlreadyClaimed``) and live
    beside the function that raises them.
    """

    status: ClassVar[int] = 400
    code: str = "refused"

    def __init__(
        self, sentence: str, *, code: str | None = None, errors: Sequence[FieldError] = ()
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.errors = tuple(errors)
        if code is not None:
            self.code = code


class NotFound(Refusal):
    """There is no such thing, or none that this actor may know of: both answer alike."""

    status = 404
    code = "not_found"

    def __init__(self, sentence: str = "There is nothing at this address.", **more: str) -> None:
        super().__init__(sentence, code=more.get("code"))


class Forbidden(Refusal):
    """The actor may see this, but may not do that to it."""

    status = 403
    code = "forbidden"


class Conflict(Refusal):
    """The thing is not in a state that allows this, or somebody else was first."""

    status = 409
    code = "conflict"


class Invalid(Refusal):
    """The input cannot be accepted; ``errors`` names each field."""

    status = 422
    code = "invalid"

    @classmethod
    def fields(cls, *errors: FieldError) -> "Invalid":
        """Return a refusal that lists every field at fault; its sentence is the first message."""
        return cls(errors[0].message if errors else "The input is not valid.", errors=errors)


class Broken(Exception):
    """An invariant of ours does not hold. Answers 500 and is logged; never a refusal."""
