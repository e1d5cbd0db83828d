"""State machines as one table of arrows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from app.kernel.errors import Conflict

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class TransitionRefused(Conflict):
    """The thing is not in a state from which this act is possible."""

    code = "transition_refused"


class Machine(Generic[S, A]):
    """The lifecycle of one kind of thing: which act leads from which state to which."""

    def __init__(self, name: str, arrows: Mapping[tuple[S, A], S]) -> None:
        self.name = name
        self.arrows = dict(arrows)

    def next(self, state: S, action: A) -> S:
        """Return the state that ``action`` leads to from ``state``.

        :raises TransitionRefused: if there is no such arrow
        """
        try:
            return self.arrows[state, action]
        except KeyError:
            verb = action.value.replace("_", " ")
            condition = state.value.replace("_", " ")
            raise TransitionRefused(
                f"This {self.name} is {condition}; it cannot be changed by “{verb}” now."
            ) from None

    def allows(self, state: S, action: A) -> bool:
        """Return whether there is an arrow for ``action`` from ``state``."""
        return (state, action) in self.arrows

    def actions(self, state: S) -> list[A]:
        """Return every act possible from ``state``, in the order of the table."""
        return [action for (origin, action) in self.arrows if origin == state]
