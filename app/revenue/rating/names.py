"""Other names of keys and models: what price lists elsewhere call them, where only one is meant."""

from collections.abc import Mapping

from app.revenue.rating.prices import Model
from app.revenue.rating.usage import Aggregation

Names = Mapping[str, str]


def _named(**names: str) -> dict[str, str]:
    """Return the key that each of the words after a key stands for."""
    return {word: key for key, words in names.items() for word in words.split()}


PERCENT = ("percent", "percentage")
"""Names of a rate under which 2.5 means 2.5 %."""
MODEL = _named(model="charge_model pricing_model price_model billing_model tiers_mode type")
TOP = _named(
    charges="items lines line_items components",
    usage="events",
    minimum_amount="minimum min_amount minimum_charge",
)
PERIOD = _named(
    start="start_date starts_on from begin", until="ends_before", end="end_date ends_on last_day"
)
TIER = _named(
    up_to="to to_value upto upper_bound",
    first_unit="from from_value from_unit lower_bound",
    flat_amount="flat_fee fixed_amount fixed_fee flat_price",
    unit_amount="unit_price price_per_unit amount_per_unit per_unit_amount price rate",
)
RATE_TIER = {name: key for name, key in TIER.items() if key != "unit_amount"} | _named(
    rate=" ".join(PERCENT)
)
EVENT = _named(
    quantity="units amount usage",
    at="on date time timestamp",
    id="event_id transaction_id",
    charge="name item",
)
OTHER_FIELDS = tuple(EVENT)
"""Other names of the columns of a CSV of usage."""
_CHARGE = MODEL | _named(
    name="id code label",
    quantity="units usage usage_quantity units_used",
    minimum_amount="minimum min_amount minimum_charge minimum_fee",
    maximum_amount="maximum max_amount maximum_charge maximum_fee cap",
    aggregation="aggregation_type",
)
_FREE = _named(free_units="free_quantity included_units included_quantity included")
_UNIT = _named(
    unit_amount="unit_price price_per_unit amount_per_unit per_unit_amount price rate amount"
)
_RANGES = "ranges brackets price_tiers"
_AMOUNTS = _named(
    quantity="amount base base_amount",
    rate=" ".join(PERCENT),
    fixed_amount="fixed_fee per_transaction_fee fee_per_transaction",
    free_transactions="free_units_per_events",
    free_amount="free_units_per_total_aggregation",
    transaction_minimum="per_transaction_min_amount minimum_per_transaction",
    transaction_maximum="per_transaction_max_amount maximum_per_transaction",
)
_OF_MODEL: dict[Model, Names] = {
    Model.PER_UNIT: _UNIT | _FREE,
    Model.GRADUATED: _named(tiers=f"graduated_ranges {_RANGES}"),
    Model.VOLUME: _named(tiers=f"volume_ranges {_RANGES}"),
    Model.PACKAGE: _FREE
    | _named(amount="price package_price package_amount", package_size="size units_per_package"),
    Model.PERCENTAGE: _AMOUNTS,
    Model.GRADUATED_PERCENTAGE: _AMOUNTS | _named(tiers=f"graduated_percentage_ranges {_RANGES}"),
    Model.FIXED: _named(amount="price fee flat_amount flat_fee fixed_amount fixed_fee"),
    Model.HYBRID: _named(
        fixed_amount="base_amount base_fee fixed_fee flat_fee flat_amount platform_fee",
        included_units="included_quantity included free_units free_quantity",
        price="overage overage_price unit_price unit_amount",
    ),
    Model.COMMITMENT: _named(
        committed_amount="commitment commitment_amount committed minimum_commitment",
        committed_units="committed_quantity commitment_units included_units included_quantity",
        overage="overage_price overage_rate overage_unit_amount overage_unit_price",
        price="unit_price unit_amount",
    ),
}
_MODELS = {
    Model.PER_UNIT: "standard unit unit_price",
    Model.GRADUATED: "graduated_tiers",
    Model.VOLUME: "volume_tiers",
    Model.PACKAGE: "packages block",
    Model.PERCENTAGE: "percent",
    Model.GRADUATED_PERCENTAGE: "graduated_percent",
    Model.FIXED: "flat flat_fee flat_amount fixed_fee one_off",
    Model.HYBRID: "base_and_usage",
    Model.COMMITMENT: "commit minimum_commitment",
}
WORDS = {word: model for model, words in _MODELS.items() for word in (model, *words.split())}
"""The model that each word stands for."""
TWO_MEANINGS = ("tiered", "tiers")
"""Words that are graduated to some and volume to others: they must be told apart."""

AGGREGATIONS = {
    word: kind
    for kind, words in {
        Aggregation.SUM: "sum_agg total",
        Aggregation.COUNT: "count_agg",
        Aggregation.MAX: "max_agg maximum",
        Aggregation.LATEST: "latest_agg last last_during_period",
        Aggregation.UNIQUE_COUNT: "unique_count_agg count_distinct distinct_count unique",
        Aggregation.TIME_WEIGHTED: "weighted_sum_agg time_weighted_average",
    }.items()
    for word in (kind, *words.split())
}
"""The aggregation that each word stands for."""
GROUPS: dict[str, Names] = {
    "document": TOP,
    "period": PERIOD,
    "charge": _CHARGE,
    **{f"charge: {model}": names for model, names in _OF_MODEL.items() if names},
    "tier": TIER,
    "tier with rate": RATE_TIER,
    "usage": EVENT,
}
"""The other names of keys, by where they stand."""


def said(value: object) -> str:
    """Return a word as it is listed here: small letters and underscores."""
    return str(value).strip().lower().replace("-", "_").replace(" ", "_")


def of_charge(model: Model) -> Names:
    """Return the other names of the keys of a charge of one model."""
    return {**_CHARGE, **_OF_MODEL[model]}


def of_price(model: Model) -> Names:
    """Return the other names of the keys of a price that stands by itself."""
    return {**MODEL, **_OF_MODEL[model]}
