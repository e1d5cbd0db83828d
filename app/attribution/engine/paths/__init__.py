"""Many journeys told as paths of channels, and what each channel brought, by any model.

``Tally`` counts the rows of a file as they stream by; ``columns_of`` and ``columns_of_texts`` take
paths at once. ``attribute(columns, method)`` credits them; ``removal_effects`` and
``shapley_values`` are the two models that look at all paths together. NumPy is loaded with this
package, so nothing that the portal loads at its start imports it.
"""

from app.attribution.engine.paths.attribute import attribute
from app.attribution.engine.paths.brought import Attribution, Brought, Method
from app.attribution.engine.paths.coalitions import Values, Worth, shapley_values
from app.attribution.engine.paths.columns import Columns, Path, columns_of, columns_of_texts
from app.attribution.engine.paths.reading import PathRefused, read_channels
from app.attribution.engine.paths.removal import Removal, removal_effects
from app.attribution.engine.paths.tally import DETAILS, NUMBERS, Tally

__all__ = [
    "DETAILS",
    "NUMBERS",
    "Attribution",
    "Brought",
    "Columns",
    "Method",
    "Path",
    "PathRefused",
    "Removal",
    "Tally",
    "Values",
    "Worth",
    "attribute",
    "columns_of",
    "columns_of_texts",
    "read_channels",
    "removal_effects",
    "shapley_values",
]
