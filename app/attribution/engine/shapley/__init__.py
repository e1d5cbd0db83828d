"""The Shapley value of any game: exact to twelve players, sampled with a stated error above."""

from app.attribution.engine.shapley.game import (
    DEFAULT_SAMPLES,
    MOST_EXACT,
    GameRefused,
    Worth,
    read_game,
    shapley,
)
from app.attribution.engine.shapley.sampling import Sampled, sampled
from app.attribution.engine.shapley.transform import exact, subset_sums

__all__ = [
    "DEFAULT_SAMPLES",
    "MOST_EXACT",
    "GameRefused",
    "Sampled",
    "Worth",
    "exact",
    "read_game",
    "sampled",
    "shapley",
    "subset_sums",
]
